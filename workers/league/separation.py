"""How many episodes it takes to know an agent so well: the planning formula shown to hosts."""

from typing import Final

from workers.league.likelihood import ELO_PER_LOGIT

_EVEN_ERROR_ELO: Final = 2.0 * ELO_PER_LOGIT
"""Standard error of a rating after one episode against an equal: an episode tells 1/4."""


def episodes_for(error_elo: float, *, kappa: float = 1.0) -> float:
    """Return how many episodes an agent needs, against about its equals, for a standard error in Elo."""
    return (_EVEN_ERROR_ELO / error_elo) ** 2 / kappa
