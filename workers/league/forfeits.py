"""Agents that fail too often, and those that fail against one owner only."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import ComparisonsError, Integers

_RECENT: Final = 20
_FEWEST: Final = 8
_SHARE: Final = 0.20
_STRANGE: Final = 3.2e-5
"""Chance of more than four standard deviations on one side."""


@dataclass(frozen=True, slots=True)
class Directed:
    """Forfeits of one agent that fall on one owner more often than chance would have it."""

    agent: int
    owner: int
    forfeits: int
    """Against that owner, of `episodes` against it."""
    episodes: int
    chance: float
    """Probability of as many or more, if this agent's forfeits fell on anybody alike."""


def is_suspended(forfeited: Sequence[bool]) -> bool:
    """Say whether an agent forfeits too often to be paired: over 20 % of its last 20 episodes, of 8 at least.

    Args:
        forfeited: one for each rated episode since it was entered or let back in, the oldest first.
    """
    recent = forfeited[-_RECENT:]
    return len(recent) >= _FEWEST and sum(recent) > _SHARE * len(recent)


def directed_forfeits(
    forfeits: Integers, episodes: Integers, *, below: float = _STRANGE
) -> tuple[Directed, ...]:
    """Find agents that forfeit for one owner's sake, the least likely first.

    Args:
        forfeits: (agents, owners) how often each agent forfeited against each owner.
        episodes: (agents, owners) how often they met.
        below: chance that is called strange.

    Raises:
        ComparisonsError: the tables differ in shape, or there are more forfeits than episodes.

    Source:
        Fisher 1922, exact test: the hypergeometric tail.
    """
    if forfeits.shape != episodes.shape or forfeits.ndim != 2:
        raise ComparisonsError("the tables differ in shape")
    if (forfeits < 0).any() or (forfeits > episodes).any():
        raise ComparisonsError("there are more forfeits than episodes")
    found = []
    for agent, owner in zip(*np.nonzero(forfeits), strict=True):
        failed, met = int(forfeits[agent, owner]), int(episodes[agent, owner])
        chance = _tail(failed, met, int(forfeits[agent].sum()), int(episodes[agent].sum()))
        if chance < below:
            found.append(Directed(int(agent), int(owner), failed, met, chance))
    return tuple(sorted(found, key=lambda each: (each.chance, each.agent, each.owner)))


def _tail(failed: int, met: int, all_failed: int, all_met: int) -> float:
    """Return the chance that at least `failed` of all forfeits are among the `met` of all episodes."""
    ways = sum(
        math.comb(met, each) * math.comb(all_met - met, all_failed - each)
        for each in range(failed, min(met, all_failed) + 1)
    )
    return ways / math.comb(all_met, all_failed)
