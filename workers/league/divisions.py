"""Divisions of a large field, to show it in parts; they change nothing about who meets whom.

How it works. The boundaries lie between fixed shares of the field. An agent that stands in a division leaves
it only when it is fairly sure that it belongs elsewhere: up when it is above the boundary with 80 %, down
when with 20 % only. So nobody goes up and down with every match.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from workers.league.comparisons import Booleans, ComparisonsError, Floats, Integers

SMALL_FIELD: Final = 200
"""Up to this many agents there is one division."""
SHARES: Final = (0.1, 0.3)
"""Share of the field in the first division, in the second ...; the last takes the rest."""
_UP: Final = 0.8
_DOWN: Final = 0.2


def divide(
    strength: Floats,
    error: Floats,
    ranked: Booleans,
    *,
    before: Integers | None = None,
    shares: Sequence[float] = SHARES,
    small_field: int = SMALL_FIELD,
) -> Integers:
    """Return (agents,) the division of each agent, 0 is the first; -1 where it takes no place.

    Args:
        strength: (agents,) in any unit.
        error: (agents,) standard errors in that unit.
        ranked: (agents,) who takes a place.
        before: (agents,) the division each stood in, -1 for newcomers, who go where they seem to belong.
        shares: of the field, for all divisions but the last.
        small_field: up to this many ranked agents all stand in division 0.

    Raises:
        ComparisonsError: the arrays differ in length, or the shares are not positive and below 1 together.
    """
    if not len(strength) == len(error) == len(ranked) or (before is not None and len(before) != len(ranked)):
        raise ComparisonsError("the columns differ in length")
    if any(share <= 0 for share in shares) or sum(shares) >= 1:
        raise ComparisonsError("shares must be positive and below 1 together")
    division = np.full(len(strength), -1, np.int64)
    who = np.flatnonzero(ranked)
    if len(who) <= small_field or not shares:
        division[who] = 0
        return division
    limits = _boundaries(strength[who], shares)
    for agent in who:
        above = [_chance_above(float(strength[agent]), float(error[agent]), limit) for limit in limits]
        stood = -1 if before is None else int(before[agent])
        division[agent] = _belongs(above) if stood < 0 else _moved(min(stood, len(limits)), above)
    return division


def _boundaries(strength: Floats, shares: Sequence[float]) -> list[float]:
    """Return the strength between the last of each division and the first of the next."""
    ordered = np.sort(strength)[::-1]
    cuts = [max(1, round(share * len(ordered))) for share in np.cumsum(shares)]
    return [float(ordered[cut - 1] + ordered[cut]) / 2.0 for cut in cuts]


def _chance_above(strength: float, error: float, limit: float) -> float:
    return 0.5 * (1.0 + math.erf((strength - limit) / (math.sqrt(2.0) * max(error, 1e-9))))


def _belongs(above: Sequence[float]) -> int:
    return next((number for number, chance in enumerate(above) if chance >= 0.5), len(above))


def _moved(stood: int, above: Sequence[float]) -> int:
    """Return where an agent goes that stood in a division."""
    while stood > 0 and above[stood - 1] > _UP:
        stood -= 1
    while stood < len(above) and above[stood] < _DOWN:
        stood += 1
    return stood
