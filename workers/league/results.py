"""Turn finished episodes into the comparisons a rating is fitted from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from workers.league.comparisons import Comparisons, ComparisonsError, empty_comparisons

GIFT_WEIGHT: Final = 0.25
"""Weight of beating somebody who forfeited at once: it says little about the winner."""
_Row = tuple[int, int, int, int, int, float, float]


@dataclass(frozen=True, slots=True)
class Episode:
    """Who sat where in one episode, and how it ended."""

    match: int
    agents: tuple[int, ...]
    """Agent index by seat."""
    ranks: tuple[int, ...]
    """By seat; 1 is best, equal ranks are a tie."""
    gifts: tuple[int, ...] = ()
    """Seats that forfeited in their first turn."""


def compare_episodes(episodes: Iterable[Episode], *, owners: Sequence[int] | None = None) -> Comparisons:
    """Compare every two agents of every episode.

    Where a match seated two agents both ways equally often, their seats cancel and get no term.

    Args:
        episodes: the episodes of one match may come in any order and place.
        owners: (agents,) who owns each; agents of one owner are never compared.

    Raises:
        ComparisonsError: an episode has not one rank for each seat.
    """
    by_match: dict[int, list[Episode]] = {}
    for episode in episodes:
        if len(episode.agents) != len(episode.ranks):
            raise ComparisonsError(f"match {episode.match} has not one rank for each seat")
        by_match.setdefault(episode.match, []).append(episode)
    rows = [row for match in sorted(by_match) for row in _rows(by_match[match], owners)]
    if not rows:
        return empty_comparisons()
    match, first, second, seat_a, seat_b, points, weight = zip(*rows, strict=True)
    return Comparisons(
        match=np.array(match, np.int64),
        side_a=np.array(first, np.int64),
        side_b=np.array(second, np.int64),
        seat_a=np.array(seat_a, np.int64),
        seat_b=np.array(seat_b, np.int64),
        points=np.array(points, np.float64),
        weight=np.array(weight, np.float64),
    )


def _rows(episodes: Sequence[Episode], owners: Sequence[int] | None) -> list[_Row]:
    rows: list[_Row] = []
    seatings: Counter[tuple[int, int, int, int]] = Counter()
    for episode in episodes:
        for a, b in combinations(range(len(episode.agents)), 2):
            first, second = episode.agents[a], episode.agents[b]
            if first == second or (owners is not None and owners[first] == owners[second]):
                continue
            points = 0.5 * (1 + (episode.ranks[a] < episode.ranks[b]) - (episode.ranks[a] > episode.ranks[b]))
            weight = GIFT_WEIGHT if a in episode.gifts or b in episode.gifts else 1.0
            rows.append((episode.match, first, second, a, b, points, weight))
            seatings[first, second, a, b] += 1
    return [row if _is_one_sided(row, seatings) else (*row[:3], -1, -1, *row[5:]) for row in rows]


def _is_one_sided(row: _Row, seatings: Counter[tuple[int, int, int, int]]) -> bool:
    """Say whether two agents did not sit both ways equally often in a match."""
    _, first, second, a, b, _, _ = row
    return seatings[first, second, a, b] + seatings[second, first, b, a] != (
        seatings[first, second, b, a] + seatings[second, first, a, b]
    )
