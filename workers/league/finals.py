"""When a final is decided: who goes on after a cut, when it may stop, which places are shared.

How it works. All questions are asked of draws from the joint distribution of the finalists' strengths. A
boundary after place k is resolved if, with 95 %, nobody below it is better than somebody above it by more
than the zone; the leader and the prize places are boundaries like all others. Between two resolved
boundaries the places are shared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from workers.league.comparisons import Booleans, Floats, Integers
from workers.league.likelihood import ELO_PER_LOGIT

Reason: TypeAlias = Literal["open", "decided", "budget"]
_SEED: Final = 20261122
_LEAST_KEPT: Final = 10


@dataclass(frozen=True, slots=True)
class FinalRules:
    """What a host may choose of a final."""

    places: int = 3
    """Prize places: these must be told from the rest."""
    cuts: tuple[int, ...] = (32, 64, 128, 256)
    """Episodes of each finalist after which those without a chance leave; growing."""
    budget: int = 600
    """Most episodes of a finalist; places that are open then are shared."""
    keep: float = 0.01
    """An agent with a smaller chance of the first `kept` places leaves at a cut."""
    zone: float = 15.0 / ELO_PER_LOGIT
    """Differences below this do not matter; in the unit of the strengths, logits by default (15 Elo)."""
    sure: float = 0.95
    draws: int = 4000

    @property
    def kept(self) -> int:
        """Return the places a finalist must have a chance of: twice the prizes, ten at least."""
        return max(_LEAST_KEPT, 2 * self.places)

    def stage(self, episodes: int) -> int:
        """Return until how many episodes of each finalist the stage goes that `episodes` lies in."""
        return next((cut for cut in (*self.cuts, self.budget) if cut > episodes), self.budget)


@dataclass(frozen=True, slots=True)
class FinalState:
    """What a final says so far."""

    reason: Reason
    """`open`: more matches are wanted."""
    leader_sure: float
    """Chance that nobody is better than the leader by more than the zone."""
    prizes_sure: float
    """The same of the prize places together."""
    places: tuple[tuple[int, ...], ...]
    """Agents by place, the best first; several in one tuple share it. Only the ranked ones."""


def survivors(
    strength: Floats, covariance: Floats, alive: Booleans, *, rules: FinalRules | None = None
) -> Booleans:
    """Return (agents,) who of those alive goes on after a cut: whoever may still come among the first places.

    Args:
        strength: (agents,) in any unit.
        covariance: (agents, agents) in that unit squared, widened for few episodes.
        alive: (agents,) who was not cut before and did not withdraw.
        rules: the defaults if left out.
    """
    rules = rules or FinalRules()
    who = np.flatnonzero(alive)
    stays = np.array(alive, bool)
    if len(who) > rules.kept:
        sample = _draws(strength[who], covariance[np.ix_(who, who)], rules.draws)
        threshold = np.sort(sample, axis=1)[:, -rules.kept]
        stays[who] = (sample >= threshold[:, None]).mean(axis=0) >= rules.keep
    return stays


def judge_final(
    strength: Floats,
    covariance: Floats,
    ranked: Booleans,
    *,
    episodes: int,
    rules: FinalRules | None = None,
) -> FinalState:
    """Say whether a final may stop, and which places are shared if it does.

    Args:
        strength: (agents,) in the unit of `rules.zone`.
        covariance: (agents, agents) in that unit squared, widened for few episodes.
        ranked: (agents,) who takes a place; cut agents do, withdrawn ones do not.
        episodes: of the finalist in the running that played least.
        rules: the defaults if left out.
    """
    rules = rules or FinalRules()
    who = np.flatnonzero(ranked)
    if not len(who):
        return FinalState("budget" if episodes >= rules.budget else "open", 0.0, 0.0, ())
    order = who[np.lexsort((who, -strength[who]))]
    sure = _boundaries(_draws(strength[order], covariance[np.ix_(order, order)], rules.draws), rules.zone)
    leader, prizes = float(sure[0]), float(sure[min(rules.places, len(order)) - 1])
    first = rules.cuts[0] if rules.cuts else 0
    if episodes >= rules.budget:
        reason: Reason = "budget"
    elif episodes >= first and min(leader, prizes) >= rules.sure:
        reason = "decided"
    else:
        reason = "open"
    return FinalState(reason, leader, prizes, _shared(order, sure >= rules.sure))


def place_numbers(places: Sequence[Sequence[int]], agents: int) -> Integers:
    """Return (agents,) the place of each agent, 1 is best; those who share one have the same; 0 is none."""
    numbers = np.zeros(agents, np.int64)
    next_place = 1
    for group in places:
        numbers[list(group)] = next_place
        next_place += len(group)
    return numbers


def _draws(mean: Floats, covariance: Floats, draws: int) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(mean + np.random.default_rng(_SEED).standard_normal((draws, len(mean))) @ root.T)


def _boundaries(sample: Floats, zone: float) -> Floats:
    """Return (agents,) how sure the boundary after each place is; the last one always is.

    Args:
        sample: (draws, agents) strengths, the agents in the order of their places.
        zone: by how much one below may be better than one above.
    """
    weakest_above = np.minimum.accumulate(sample, axis=1)[:, :-1]
    best_below = np.maximum.accumulate(sample[:, ::-1], axis=1)[:, ::-1][:, 1:]
    sure = (weakest_above >= best_below - zone).mean(axis=0)
    return np.append(sure, 1.0)


def _shared(order: Integers, resolved: Booleans) -> tuple[tuple[int, ...], ...]:
    groups: list[tuple[int, ...]] = []
    group: list[int] = []
    for agent, is_resolved in zip(order, resolved, strict=True):
        group.append(int(agent))
        if is_resolved:
            groups.append(tuple(group))
            group = []
    return tuple(groups)
