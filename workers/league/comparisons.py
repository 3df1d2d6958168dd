"""Results as comparisons of two agents, and their canonical sums."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]


class ComparisonsError(ValueError):
    """Comparisons do not fit together; the caller built them wrongly."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """One row for each pair of agents in each episode; all arrays have one length."""

    match: Integers
    """Id of the match; the rows of one match count as one cluster."""
    side_a: Integers
    """Agent index, 0 to agents - 1."""
    side_b: Integers
    seat_a: Integers
    """Seat of side a; -1 where the match was played in both seatings, so that seats cancel."""
    seat_b: Integers
    points: Floats
    """Of side a: 1 won, 0.5 tied, 0 lost."""
    weight: Floats
    """1; 0.25 where the other side forfeited at once."""

    def __len__(self) -> int:
        return len(self.match)


def empty_comparisons() -> Comparisons:
    """Return comparisons of no rows."""
    none, nothing = np.zeros(0, np.int64), np.zeros(0)
    return Comparisons(none, none, none, none, none, nothing, nothing)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Comparisons in canonical order, summed; the same whatever order the rows came in.

    A pair is two agents, low index first. A cell is a pair in one seating; all rows of a cell have the
    same expected points.
    """

    agents: int
    seats: int
    """Number of seats that have a term; 0 where all matches were played in both seatings."""
    low: Integers
    """(pairs,) agent index."""
    high: Integers
    cell_pair: Integers
    """(cells,) pair index."""
    seat_low: Integers
    """(cells,) seat of the low agent, or -1."""
    seat_high: Integers
    weight: Floats
    """(cells,) summed weights."""
    points: Floats
    """(cells,) summed weight x points of the low agent."""
    row_match: Integers
    """(rows,) index of the match."""
    row_cell: Integers
    row_weight: Floats
    row_points: Floats
    """(rows,) weight x points of the low agent."""
    match_pair: Integers
    """(matches,) pair index; empty where matches have more than one pair."""
    matches: int
    episodes: Floats
    """(agents,) episodes played."""
    opponents: Integers
    """(agents,) different opponents met."""


def gather(comparisons: Comparisons, agents: int) -> Evidence:
    """Sort and sum comparisons.

    Args:
        comparisons: any order of rows, either side first.
        agents: number of agents; indices run from 0.

    Raises:
        ComparisonsError: an index, points or weight is out of range, or lengths differ.
    """
    _check(comparisons, agents)
    swap = comparisons.side_a > comparisons.side_b
    low = np.where(swap, comparisons.side_b, comparisons.side_a)
    high = np.where(swap, comparisons.side_a, comparisons.side_b)
    seat_low = np.where(swap, comparisons.seat_b, comparisons.seat_a)
    seat_high = np.where(swap, comparisons.seat_a, comparisons.seat_b)
    points = np.where(swap, 1.0 - comparisons.points, comparisons.points)
    seats = int(max(seat_low.max(initial=-1), seat_high.max(initial=-1))) + 1
    cell_key = ((low * agents + high) * (seats + 1) + seat_low + 1) * (seats + 1) + seat_high + 1
    order = _canonical_order(comparisons, cell_key * 3 + (2 * points).astype(np.int64))
    cell_key, points, weight = cell_key[order], points[order], comparisons.weight[order]
    match = comparisons.match[order]
    row_match = _dense(match)
    cells, row_cell = np.unique(cell_key, return_inverse=True)
    pair_keys, cell_pair = np.unique(cells // (seats + 1) ** 2, return_inverse=True)
    seating = cells % (seats + 1) ** 2
    matches = int(row_match[-1]) + 1 if len(match) else 0
    return Evidence(
        agents=agents,
        seats=seats,
        low=pair_keys // agents,
        high=pair_keys % agents,
        cell_pair=cell_pair,
        seat_low=seating // (seats + 1) - 1,
        seat_high=seating % (seats + 1) - 1,
        weight=sums(row_cell, weight, len(cells)),
        points=sums(row_cell, weight * points, len(cells)),
        row_match=row_match,
        row_cell=row_cell,
        row_weight=weight,
        row_points=weight * points,
        match_pair=_match_pairs(row_match, cell_pair[row_cell], matches),
        matches=matches,
        episodes=_episodes(row_match, low[order], high[order], agents, matches),
        opponents=_degrees(pair_keys // agents, pair_keys % agents, agents),
    )


def sums(index: Integers, values: Floats, size: int) -> Floats:
    """Return (size,) the values added up by their index."""
    return np.bincount(index, values, size).astype(np.float64, copy=False)


def _check(comparisons: Comparisons, agents: int) -> None:
    size = len(comparisons)
    columns = (comparisons.side_a, comparisons.side_b, comparisons.seat_a, comparisons.seat_b)
    if any(len(column) != size for column in (*columns, comparisons.points, comparisons.weight)):
        raise ComparisonsError("the columns differ in length")
    if not size:
        return
    sides = np.concatenate([comparisons.side_a, comparisons.side_b])
    if sides.min() < 0 or sides.max() >= agents:
        raise ComparisonsError(f"an agent index is outside 0 to {agents - 1}")
    if np.any(comparisons.side_a == comparisons.side_b):
        raise ComparisonsError("an agent is compared with itself")
    if not np.isin(comparisons.points, (0.0, 0.5, 1.0)).all():
        raise ComparisonsError("points must be 0, 0.5 or 1")
    if not (np.isfinite(comparisons.weight).all() and (comparisons.weight > 0).all()):
        raise ComparisonsError("weights must be positive")
    if (np.minimum(comparisons.seat_a, comparisons.seat_b) < -1).any():
        raise ComparisonsError("a seat is below -1")


def _canonical_order(comparisons: Comparisons, key: Integers) -> Integers:
    weight = comparisons.weight
    if np.all(weight == weight[:1]):
        return np.lexsort((key, comparisons.match))
    return np.lexsort((weight, key, comparisons.match))


def _dense(sorted_ids: Integers) -> Integers:
    """Number sorted ids from 0 without gaps."""
    new = np.ones(len(sorted_ids), np.int64)
    new[1:] = sorted_ids[1:] != sorted_ids[:-1]
    return np.cumsum(new) - 1


def _match_pairs(row_match: Integers, row_pair: Integers, matches: int) -> Integers:
    """Return the one pair of each match, or nothing where some match has several."""
    pair = np.zeros(matches, np.int64)
    pair[row_match] = row_pair
    return pair if np.array_equal(pair[row_match], row_pair) else np.zeros(0, np.int64)


def _episodes(row_match: Integers, low: Integers, high: Integers, agents: int, matches: int) -> Floats:
    """Count episodes: a row with one opponent among m - 1 is 1 / (m - 1) of an episode."""
    both = np.concatenate([low, high])
    if not matches:
        return np.zeros(agents)
    pairs = np.unique(np.tile(row_match, 2) * agents + both)
    size = np.bincount(pairs // agents, minlength=matches)
    share = 1.0 / (size[row_match] - 1)
    return np.round(sums(both, np.tile(share, 2), agents), 6)


def _degrees(low: Integers, high: Integers, agents: int) -> Integers:
    return np.bincount(low, minlength=agents) + np.bincount(high, minlength=agents)
