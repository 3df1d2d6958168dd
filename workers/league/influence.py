"""How much a table hangs on a few: what changes without one owner, and who is known by few opponents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Booleans, Comparisons, Floats, Integers, sums
from workers.league.evidence import gather
from workers.league.likelihood import ELO_PER_LOGIT, expected_points
from workers.league.rating import Fit

_FAR: Final = 3
"""Places somebody may move without one owner before a person should look."""
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Moved:
    """An agent whose place hangs on one owner."""

    owner: int
    agent: int
    rank: int
    """Among all agents but the owner's, with its results."""
    rank_without: int
    """Among the same, without them."""
    elo: float
    """What its rating gains without them."""


def hanging_on_owners(
    comparisons: Comparisons, table: Fit, *, owners: Sequence[int], far: int = _FAR
) -> tuple[Moved, ...]:
    """Find the agents that move far, and out of their rank interval, when one owner's results are left out.

    One Newton step for each owner instead of a refit; spreads stay as learned. It takes a solution of a
    dense system for each owner: for the night.

    Args:
        comparisons: those the table was fitted from.
        table: the fit.
        owners: (agents,) who owns each.
        far: places.

    Raises:
        ComparisonsError: an index, points or weight is out of range.
    """
    low, high, pull, known = _pairs(comparisons, table)
    owner = np.asarray(owners)
    precision = np.asarray(np.linalg.inv(table.covariance))
    moved = []
    for one in np.unique(owner):
        mine = owner == one
        theirs = mine[low] | mine[high]
        step = _step(precision, low[theirs], high[theirs], pull[theirs], known[theirs])
        others = np.flatnonzero(~mine & (table.rank > 0))
        before, after = _places(table.theta[others]), _places((table.theta + step)[others])
        # The rank interval counts the owner's agents; those better placed are taken off.
        above = np.array(
            [(mine & (table.rank > 0) & (table.rank < table.rank[each])).sum() for each in others]
        )
        low_end, high_end = table.rank_low[others] - above, table.rank_high[others] - above
        is_far = (np.abs(after - before) > far) & ((after < low_end) | (after > high_end))
        moved += [
            Moved(
                int(one),
                int(others[at]),
                int(before[at]),
                int(after[at]),
                float(step[others[at]] * ELO_PER_LOGIT),
            )
            for at in np.flatnonzero(is_far)
        ]
    return tuple(moved)


def step_without(comparisons: Comparisons, table: Fit, left_out: Booleans) -> Floats:
    """Return (agents,) what strengths gain, in logits, when all results of some agents are left out.

    Args:
        comparisons: those the table was fitted from.
        table: the fit.
        left_out: (agents,) whose results.
    """
    low, high, pull, known = _pairs(comparisons, table)
    theirs = left_out[low] | left_out[high]
    precision = np.asarray(np.linalg.inv(table.covariance))
    return _step(precision, low[theirs], high[theirs], pull[theirs], known[theirs])


def leverage(comparisons: Comparisons, table: Fit, *, opponents: int = _FEW) -> Floats:
    """Return (agents,) what share of all that is known of an agent comes from its three foremost opponents.

    0 for agents without results. Near 1 in a large field, a rating is what a few opponents made it.
    """
    low, high, _, known = _pairs(comparisons, table)
    agents = len(table.theta)
    mutual = np.zeros((agents, agents))
    mutual[low, high] = mutual[high, low] = known
    most = -np.sort(-mutual, axis=1)[:, :opponents]
    total = mutual.sum(axis=1)
    return np.asarray(np.where(total > 0, most.sum(axis=1) / np.maximum(total, 1e-300), 0.0))


def _pairs(comparisons: Comparisons, table: Fit) -> tuple[Integers, Integers, Floats, Floats]:
    """Return each pair's agents, its pull on the low agent's strength, and what it tells of both."""
    evidence = gather(comparisons, len(table.theta))
    expected = expected_points(evidence, table.theta, table.seat_elo / ELO_PER_LOGIT)
    residual = evidence.by_pair(evidence.points - evidence.weight * expected)
    whole = table.kappa * evidence.by_pair(evidence.weight * expected * (1.0 - expected))
    shrink = 1.0 + table.tau**2 * whole
    # The pair effect takes its share of both; what is left moves the strengths.
    return evidence.low, evidence.high, table.kappa * residual / shrink, whole / shrink


def _step(precision: Floats, low: Integers, high: Integers, pull: Floats, known: Floats) -> Floats:
    """Return (agents,) the change of the strengths when these pairs are left out."""
    agents = len(precision)
    left = precision.copy()
    np.add.at(left, (low, high), known)
    np.add.at(left, (high, low), known)
    diagonal = np.arange(agents)
    left[diagonal, diagonal] -= sums(low, known, agents) + sums(high, known, agents)
    gradient = sums(high, pull, agents) - sums(low, pull, agents)
    return np.asarray(np.linalg.solve(left, gradient))


def _places(strength: Floats) -> Integers:
    places = np.empty(len(strength), np.int64)
    places[np.argsort(-strength, kind="stable")] = np.arange(1, len(strength) + 1)
    return places
