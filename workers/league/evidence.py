"""Comparisons summed to all that a fit needs: added once, in any order and portions, with the same bits.

How it works. A pair is two agents, low index first; a cell is a pair in one seating, whose rows all have the
same expected points. Most matches lie in one cell: of those with the same weight only their number, points
and squared points are kept, so that a million matches of a pair take as much room as one. A match of several
cells (three or more agents, or uneven seatings) keeps a row for each, since its scatter hangs on all of them.
Points are halves and weights 1 or 1/4: sums of such numbers are exact, so that no order changes them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Final, TypeVar

import numpy as np

from workers.league.comparisons import (
    MOST_AGENTS,
    MOST_SEATS,
    Comparisons,
    ComparisonsError,
    Floats,
    Integers,
    check,
    sums,
)

_FRESH_SHARE: Final = 0.1
"""What was added lately is merged into the rest once it is as large as this share of it."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """Matches of one cell, those alike summed; sorted by pair, seating, weight."""

    pair: Integers
    """Low agent x 2**31 + high agent."""
    seating: Integers
    """(Seat of the low agent + 1) x 2**15 + seat of the high agent + 1; 0 where seats cancel."""
    weight: Floats
    """Summed weights of one match."""
    count: Integers
    """Matches."""
    rows: Integers
    """Comparisons in all of them."""
    points: Floats
    """Summed weight x points of the low agent."""
    squares: Floats
    """Each match's weight x points, squared and summed."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Matches of several cells, a row for each cell of each; sorted by match, pair, seating."""

    match: Integers
    pair: Integers
    seating: Integers
    weight: Floats
    rows: Integers
    points: Floats


_Part = TypeVar("_Part", bound=Kinds | Tables)


@dataclass(slots=True)
class Gathering:
    """Results summed so far; a plain value that may be copied or pickled.

    Adding takes time in proportion to what is new (merging into the rest now and then); `evidence` takes time
    in proportion to the pairs that met, never to the matches of pairs that met often.
    """

    kinds: list[Kinds] = field(default_factory=list)
    tables: list[Tables] = field(default_factory=list)

    def add(self, comparisons: Comparisons) -> None:
        """Take results in; all rows of a match must come in one portion.

        Raises:
            ComparisonsError: an index, points or weight is out of range, or lengths differ.
        """
        check(comparisons)
        kinds, tables = _collect(comparisons)
        if len(kinds.pair):
            self.kinds = _stacked(self.kinds, kinds, _merged_kinds)
        if len(tables.pair):
            self.tables = _stacked(self.tables, tables, _merged_tables)

    def remove(self, comparisons: Comparisons) -> None:
        """Take results out that were added before: a voided match leaves no trace.

        Raises:
            ComparisonsError: they were never added.
        """
        check(comparisons)
        kinds, tables = _collect(comparisons)
        less = _merged_kinds([*self.kinds, _negative(kinds)])
        known = _merged_tables(self.tables) if self.tables else tables
        gone = np.unique(tables.match)
        if (less.count < 0).any() or not np.isin(gone, known.match).all() or (len(gone) and not self.tables):
            raise ComparisonsError("these results were never added")
        self.kinds = [_taken(less, less.count > 0)]
        if len(gone):
            self.tables = [_taken(known, ~np.isin(known.match, gone))]

    def evidence(self, agents: int, *, places: Sequence[int] | Integers | None = None) -> "Evidence":
        """Return the sums as a fit wants them.

        Args:
            agents: number of agents in the fit.
            places: (agents seen so far,) index in the fit of each agent number used while adding; the same
                if left out.

        Raises:
            ComparisonsError: an agent has no index below `agents`.
        """
        self.kinds, self.tables = [_merged_kinds(self.kinds)], [_merged_tables(self.tables)]
        kinds, tables = self.kinds[0], self.tables[0]
        if places is not None:
            kinds, tables = _renumbered(kinds, tables, np.asarray(places, np.int64))
        for part in (kinds.pair, tables.pair):
            if len(part) and (part & (MOST_AGENTS - 1)).max() >= agents:
                raise ComparisonsError(f"an agent index is outside 0 to {agents - 1}")
        return _evidence(kinds, tables, agents)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Results as a fit wants them; the same whatever order and portions they were added in."""

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
    kind_cell: Integers
    """(kinds,) cell of matches that are alike and lie in one cell."""
    kind_weight: Floats
    kind_count: Integers
    kind_points: Floats
    kind_squares: Floats
    row_match: Integers
    """(rows,) index of a match of several cells."""
    row_cell: Integers
    row_weight: Floats
    row_points: Floats
    """(rows,) weight x points of the low agent."""
    match_pair: Integers
    """(matches of several cells,) pair index."""
    is_paired: bool
    """Whether every match has one pair only."""
    episodes: Floats
    """(agents,) episodes played."""
    opponents: Integers
    """(agents,) different opponents met."""

    def by_pair(self, values: Floats) -> Floats:
        """Return (pairs,) the cells' values added up."""
        # Every pair has a cell; where there are no more, each has one.
        return values if len(values) == len(self.low) else sums(self.cell_pair, values, len(self.low))

    def by_cell(self, values: Floats) -> Floats:
        """Return (cells,) the value of each cell's pair."""
        return values if len(self.cell_pair) == len(self.low) else values[self.cell_pair]


def gather(comparisons: Comparisons, agents: int) -> Evidence:
    """Sum comparisons.

    Args:
        comparisons: any order of rows, either side first.
        agents: number of agents; indices run from 0.

    Raises:
        ComparisonsError: an index, points or weight is out of range, or lengths differ.
    """
    gathering = Gathering()
    gathering.add(comparisons)
    return gathering.evidence(agents)


def _collect(comparisons: Comparisons) -> tuple[Kinds, Tables]:
    """Sum the rows of each match cell by cell, then the matches that are alike."""
    swap = comparisons.side_a > comparisons.side_b
    low = np.where(swap, comparisons.side_b, comparisons.side_a)
    high = np.where(swap, comparisons.side_a, comparisons.side_b)
    seat_low = np.where(swap, comparisons.seat_b, comparisons.seat_a)
    seat_high = np.where(swap, comparisons.seat_a, comparisons.seat_b)
    points = np.where(swap, 1.0 - comparisons.points, comparisons.points)
    group = _grouped(comparisons.match, low * MOST_AGENTS + high, (seat_low + 1) * MOST_SEATS + seat_high + 1)
    (match, pair, seating), cell, order = group
    size = len(match)
    weight = comparisons.weight[order]
    summed = Tables(
        match=match,
        pair=pair,
        seating=seating,
        weight=sums(cell, weight, size),
        rows=np.bincount(cell, minlength=size),
        points=sums(cell, weight * points[order], size),
    )
    _, number = np.unique(match, return_inverse=True)
    alone = np.bincount(number)[number] == 1
    one = _taken(summed, alone)
    count = np.ones(len(one.pair), np.int64)
    kinds = Kinds(one.pair, one.seating, one.weight, count, one.rows, one.points, one.points**2)
    return _merged_kinds([kinds]), _taken(summed, ~alone)


def _grouped(*keys: Integers | Floats) -> tuple[list[np.ndarray], Integers, Integers]:
    """Sort by keys, the first foremost; return the keys of each group, each row's group, and the order."""
    moving = [key for key in keys if len(key) and (key[1:] != key[:-1]).any()]
    if len(moving) > 1:
        order = np.lexsort(tuple(reversed(moving)))
    else:
        order = np.argsort(moving[0], kind="stable") if moving else np.arange(len(keys[0]))
    new = np.zeros(len(order), bool)
    new[:1] = True
    for key in moving:
        ordered = key[order]
        new[1:] |= ordered[1:] != ordered[:-1]
    return [key[order][new] for key in keys], np.cumsum(new) - 1, order


def _merged_kinds(parts: Sequence[Kinds]) -> Kinds:
    whole = _joined(Kinds, parts)
    (pair, seating, weight), group, order = _grouped(whole.pair, whole.seating, whole.weight)
    size = len(pair)
    return Kinds(
        pair=pair,
        seating=seating,
        weight=np.asarray(weight, np.float64),
        count=_whole(group, whole.count[order], size),
        rows=_whole(group, whole.rows[order], size),
        points=sums(group, whole.points[order], size),
        squares=sums(group, whole.squares[order], size),
    )


def _merged_tables(parts: Sequence[Tables]) -> Tables:
    whole = _joined(Tables, parts)
    order = np.lexsort((whole.seating, whole.pair, whole.match))
    return _taken(whole, order)


def _joined(kind: type[_Part], parts: Sequence[_Part]) -> _Part:
    nothing = {"weight", "points", "squares"}
    return kind(
        **{
            each.name: np.concatenate(
                [getattr(part, each.name) for part in parts]
                or [np.zeros(0, np.float64 if each.name in nothing else np.int64)]
            )
            for each in fields(kind)
        }
    )


def _taken(part: _Part, which: Integers | np.ndarray) -> _Part:
    return type(part)(**{each.name: getattr(part, each.name)[which] for each in fields(part)})


def _negative(kinds: Kinds) -> Kinds:
    return Kinds(
        kinds.pair, kinds.seating, kinds.weight, -kinds.count, -kinds.rows, -kinds.points, -kinds.squares
    )


def _stacked(parts: list[_Part], new: _Part, merge: Callable[[list[_Part]], _Part]) -> list[_Part]:
    """Put a portion on the others; small ones are merged so that few parts are left."""
    parts = [*parts, new]
    while len(parts) > 1 and len(parts[-1].pair) >= _FRESH_SHARE * len(parts[-2].pair):
        parts = [*parts[:-2], merge(parts[-2:])]
    return parts


def _whole(group: Integers, values: Integers, size: int) -> Integers:
    return np.bincount(group, values, size).astype(np.int64)


def _renumbered(kinds: Kinds, tables: Tables, places: Integers) -> tuple[Kinds, Tables]:
    """Give agents other numbers; where the higher one becomes the lower, the sides change."""
    renumbered = []
    for part in (kinds, tables):
        first, second = places[part.pair >> 31], places[part.pair & (MOST_AGENTS - 1)]
        swap = first > second
        pair = np.where(swap, second * MOST_AGENTS + first, first * MOST_AGENTS + second)
        seat_first, seat_second = np.divmod(part.seating, MOST_SEATS)
        seating = np.where(swap, seat_second * MOST_SEATS + seat_first, part.seating)
        whole = part.weight * (part.count if isinstance(part, Kinds) else 1)
        changed = {
            "pair": pair,
            "seating": seating,
            "points": np.where(swap, whole - part.points, part.points),
        }
        if isinstance(part, Kinds):
            turned = part.count * part.weight**2 - 2.0 * part.weight * part.points + part.squares
            changed["squares"] = np.where(swap, turned, part.squares)
        renumbered.append({**{each.name: getattr(part, each.name) for each in fields(part)}, **changed})
    return _merged_kinds([Kinds(**renumbered[0])]), _merged_tables([Tables(**renumbered[1])])


def _evidence(kinds: Kinds, tables: Tables, agents: int) -> Evidence:
    pair = np.concatenate([kinds.pair, tables.pair])
    (cell_pair_key, seating), group, order = _grouped(pair, np.concatenate([kinds.seating, tables.seating]))
    cells = len(seating)
    cell = np.empty(len(pair), np.int64)
    cell[order] = group
    kind_cell, row_cell = cell[: len(kinds.pair)], cell[len(kinds.pair) :]
    new = np.ones(cells, bool)
    new[1:] = cell_pair_key[1:] != cell_pair_key[:-1]
    cell_pair, pairs = np.cumsum(new) - 1, cell_pair_key[new]
    low, high = pairs >> 31, pairs & (MOST_AGENTS - 1)
    _, row_match = np.unique(tables.match, return_inverse=True)
    matches = int(row_match.max(initial=-1)) + 1
    match_pair = np.zeros(matches, np.int64)
    match_pair[row_match] = cell_pair[row_cell]
    seats = int(max((seating // MOST_SEATS).max(initial=0), (seating % MOST_SEATS).max(initial=0)))
    return Evidence(
        agents=agents,
        seats=seats,
        low=low,
        high=high,
        cell_pair=cell_pair,
        seat_low=seating // MOST_SEATS - 1,
        seat_high=seating % MOST_SEATS - 1,
        weight=sums(kind_cell, kinds.count * kinds.weight, cells) + sums(row_cell, tables.weight, cells),
        points=sums(kind_cell, kinds.points, cells) + sums(row_cell, tables.points, cells),
        kind_cell=kind_cell,
        kind_weight=kinds.weight,
        kind_count=kinds.count,
        kind_points=kinds.points,
        kind_squares=kinds.squares,
        row_match=row_match,
        row_cell=row_cell,
        row_weight=tables.weight,
        row_points=tables.points,
        match_pair=match_pair,
        is_paired=bool(np.array_equal(match_pair[row_match], cell_pair[row_cell])),
        episodes=_episodes(kinds, tables, row_match, agents),
        opponents=np.bincount(low, minlength=agents) + np.bincount(high, minlength=agents),
    )


def _episodes(kinds: Kinds, tables: Tables, row_match: Integers, agents: int) -> Floats:
    """Count episodes: a row with one opponent among m - 1 is 1 / (m - 1) of an episode."""
    played = np.zeros(agents)
    for side in (kinds.pair >> 31, kinds.pair & (MOST_AGENTS - 1)):
        played += np.bincount(side, kinds.rows, agents)
    both = np.concatenate([tables.pair >> 31, tables.pair & (MOST_AGENTS - 1)])
    seen = np.unique(np.tile(row_match, 2) * agents + both) // max(agents, 1)
    share = tables.rows / (np.bincount(seen)[row_match] - 1.0) if len(both) else np.zeros(0)
    return np.round(played + np.bincount(both, np.tile(share, 2), agents), 6)
