"""What is told of a society of agents: how much it earned together, how equally, and until when.

From Perolat and others (2017), "A multi-agent reinforcement learning model of common-pool resource
appropriation": the utilitarian metric (efficiency), equality by the Gini coefficient, sustainability.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Returns: TypeAlias = NDArray[np.float64]
"""(turns + 1, seats): each seat's rewards so far, after reset and after each turn."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number told of an episode."""

    name: str
    title: str
    meaning: str
    """One sentence, with range and unit."""
    take: Callable[[Returns], float | None]
    """None where it is not defined."""


def collective_return(returns: Returns) -> float | None:
    """Return the sum of all rewards of all seats."""
    return float(returns[-1].sum())


def equality(returns: Returns) -> float | None:
    """Return 1 less the Gini coefficient of the seats' returns: 1 where all earn the same.

    1 - sum over i, j of |R_i - R_j| / (2 N sum R). None where nothing was earned, or somebody lost.
    """
    final = returns[-1]
    total = final.sum()
    if total <= 0 or final.min() < 0:
        return None
    return float(1 - np.abs(final[:, None] - final[None, :]).sum() / (2 * len(final) * total))


def sustainability(returns: Returns) -> float | None:
    """Return the mean over seats of the mean turn in which each got its rewards, as a share of all turns.

    About .5 where rewards come as well late as early, near 0 where all was eaten at once. Seats without a
    positive reward are left out; None where there is none.
    """
    gained = np.diff(returns, axis=0) > 0
    turns = np.arange(1, len(gained) + 1)
    means = [float(turns[seat].mean()) for seat in gained.T if seat.any()]
    return float(np.mean(means)) / len(gained) if means else None


MEASURES: Final = {
    each.name: each
    for each in (
        Measure(
            "collective_return",
            "Collective return",
            "the sum of all rewards of all seats",
            collective_return,
        ),
        Measure(
            "equality",
            "Equality",
            "1 where all seats earned the same, near 0 where one has all: 1 less the Gini coefficient",
            equality,
        ),
        Measure(
            "sustainability",
            "Sustainability",
            "mean time of a reward as a share of the episode: .5 where they come to its end, near 0 where all"
            " was taken at once",
            sustainability,
        ),
    )
}


def measure(names: Sequence[str], returns: Returns) -> list[tuple[Measure, float | None]]:
    """Return the named measures of an episode.

    Args:
        names: keys of `MEASURES`.
        returns: see `Returns`.

    Raises:
        KeyError: there is no measure of a name.
    """
    return [(MEASURES[name], MEASURES[name].take(returns)) for name in names]
