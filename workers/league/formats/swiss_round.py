"""One round of a Swiss tournament: what each pair costs, and the pairings of least cost."""

from typing import TypeVar

import numpy as np

from workers.league.comparisons import Booleans, Floats, Integers
from workers.league.formats.contract import Pairing
from workers.league.formats.matching import Costs, match_all, squared_gaps
from workers.league.formats.swiss_past import Past

_Square = TypeVar("_Square", Integers, Booleans)


def pair_swiss_round(
    past: Past, virtual: Floats, *, round_: int, alternates_seats: bool, rng: np.random.Generator
) -> list[Pairing]:
    """Pair a round; nothing if at most one entry is left, or if all who are left have met each other.

    Args:
        past: everybody who is to be paired, in seed order.
        virtual: points that count for this pairing only.
        round_: its number.
        alternates_seats: whether it matters who sits first.
        rng: breaks ties between equally good rounds, and says who sits first where nobody is owed it.
    """
    count = len(past.entries)
    if count < 2 or (past.met + np.eye(count, dtype=np.int64)).all():
        return []
    scores = past.scores + virtual
    order = np.lexsort((np.arange(count), -scores))
    past, scores = past.taken(order), scores[order]
    costs = _costs(past, scores, alternates_seats=alternates_seats)
    pairs = match_all(costs, rng)
    if pairs is None:
        pairs = match_all(_with_rematches(costs, past), rng) or []
    return _pairings(round_, past, scores, pairs)


def _costs(past: Past, scores: Floats, *, alternates_seats: bool) -> Costs:
    """Return what each pair costs; in an odd field the last place is the bye."""
    count = len(past.entries)
    none = np.zeros((count, count), np.int64)
    from_below = np.arange(count)[::-1]
    above_lowest = np.ceil((scores - scores.min()) * 4 - 1e-6).astype(np.int64)
    # What a pair costs, and what a bye costs, on each level.
    levels = [(none, above_lowest), (squared_gaps(scores), 0)]
    if alternates_seats:
        levels = [levels[0], (_seat_clashes(past, 2), 0), levels[1], (_seat_clashes(past, 1), 0)]
    levels += [(_repeated_floats(past, scores), 0), (none, from_below), (_half_distances(scores), 0)]
    forbidden = past.met > 0
    np.fill_diagonal(forbidden, True)
    if count % 2 == 0:
        return Costs(tuple(pairs for pairs, _ in levels), forbidden)
    has_had_one = past.byes > past.byes.min()
    return Costs(
        tuple(_with_bye(pairs, np.broadcast_to(bye, count)) for pairs, bye in levels),
        _with_bye(forbidden, has_had_one),
    )


def _with_bye(pairs: _Square, bye: _Square) -> _Square:
    """Return the square with one more place, the bye; it does not meet itself."""
    square = np.pad(pairs, (0, 1), constant_values=1)
    square[-1, :-1] = square[:-1, -1] = bye
    return square


def _with_rematches(costs: Costs, past: Past) -> Costs:
    """Allow rematches, at the price of everything else as few as possible."""
    count = len(past.entries)
    again = np.zeros(costs.forbidden.shape, np.int64)
    again[:count, :count] = past.met
    forbidden = costs.forbidden.copy()
    forbidden[:count, :count] = np.eye(count, dtype=np.bool_)
    return Costs((again, *costs.levels), forbidden)


def _seat_clashes(past: Past, least: int) -> Integers:
    """Return 1 where both are owed the same seat, by so many seats or as many in a row."""
    owed = np.where(np.abs(past.seats) >= least, past.seats, 0)
    owed = np.where(np.abs(past.streak) >= least, past.streak, owed)
    return np.asarray(owed[:, None] * owed[None, :] > 0, np.int64)


def _repeated_floats(past: Past, scores: Floats) -> Integers:
    """Count who would leave his score group the same way as in the last round."""
    gap = np.sign(np.round(scores[:, None] - scores[None, :], 6)).astype(np.int64)
    again = (gap != 0) & (gap == past.floated[:, None])
    return np.asarray(again.astype(np.int64) + again.T)


def _half_distances(scores: Floats) -> Integers:
    """Return how far a pair is from the ideal: first of the upper half against first of the lower half.

    Across groups the ideal is the last of the upper group against the first of the lower one.
    """
    _, group, size = np.unique(-np.round(scores, 6), return_inverse=True, return_counts=True)
    group = group.ravel()
    first = np.concatenate([[0], np.cumsum(size)[:-1]])[group]
    above = np.arange(len(scores)) - first
    below = size[group] - 1 - above
    apart = np.abs(np.arange(len(scores))[:, None] - np.arange(len(scores))[None, :])
    inside = (2 * apart - size[group][:, None]) ** 2
    # Row above column: how far the row is from its group's end, the column from its group's start.
    across = np.triu((2 * (below[:, None] + above[None, :])) ** 2, 1)
    across = across + across.T
    return np.asarray(np.where(group[:, None] == group[None, :], inside, across), np.int64)


def _pairings(round_: int, past: Past, scores: Floats, pairs: list[tuple[int, int]]) -> list[Pairing]:
    """Give numbers from the top, and seats to those who are owed them."""
    pairings = []
    count = len(past.entries)
    for number, (high, low) in enumerate(sorted(pairs, key=lambda pair: (pair[1] == count, pair)), start=1):
        if low == count:
            why = "The field is odd: the lowest of those with the fewest byes sits out."
            pairings.append(Pairing(round_, number, (past.entries[high],), "Bye", why))
            continue
        first, second = (high, low) if _sits_first(past, high, low, number) else (low, high)
        lineup = past.entries[first], past.entries[second]
        pairings.append(Pairing(round_, number, lineup, why=_why(past, scores, high, low)))
    return pairings


def _sits_first(past: Past, high: int, low: int, number: int) -> bool:
    """Say whether the higher of a pair sits first: whoever did so less often, then less lately."""
    for owed in (past.seats, past.streak):
        if owed[high] != owed[low]:
            return bool(owed[high] < owed[low])
    return number % 2 == 1


def _why(past: Past, scores: Floats, high: int, low: int) -> str:
    again = " They meet again: there was no other way left." if past.met[high, low] else ""
    if scores[high] == scores[low]:
        return f"Both have {scores[high]:g} points.{again}"
    return f"{scores[high]:g} against {scores[low]:g} points, the nearest that was left for both.{again}"
