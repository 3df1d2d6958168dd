"""What the next round of a Swiss tournament has to know of the rounds before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from workers.league.comparisons import Floats, Integers
from workers.league.formats.settling import Settled


@dataclass(frozen=True, slots=True)
class Past:
    """All arrays are by place in `entries`."""

    entries: tuple[int, ...]
    scores: Floats
    met: Integers
    """(places, places) how often two were paired, played or not."""
    byes: Integers
    seats: Integers
    """How often one sat first, minus how often second."""
    streak: Integers
    """How often in a row one has sat first; negative: second."""
    floated: Integers
    """1 met somebody of a lower score in the last round, or had a bye; -1 of a higher one; 0 neither."""

    def taken(self, order: Integers) -> "Past":
        """Return the same in another order of places."""
        return Past(
            tuple(self.entries[place] for place in order),
            self.scores[order],
            self.met[np.ix_(order, order)],
            self.byes[order],
            self.seats[order],
            self.streak[order],
            self.floated[order],
        )


def look_back(entries: Sequence[int], before: Sequence[Settled]) -> Past:
    """Sum up settled rounds for those who are still there.

    Args:
        entries: who is to be paired, in seed order.
        before: settled pairings of two or byes, in any order.
    """
    place = {entry: index for index, entry in enumerate(entries)}
    count = len(entries)
    met = np.zeros((count, count), np.int64)
    byes, seats, streak, floated = (np.zeros(count, np.int64) for _ in range(4))
    scores: dict[int, float] = {}
    ordered = sorted(before, key=lambda one: one.pairing.name)
    for _, of_round in groupby(ordered, key=lambda one: one.pairing.round):
        at_start = dict(scores)
        floated[:] = 0
        for one in of_round:
            lineup = one.pairing.lineup
            for entry, points in zip(lineup, one.points, strict=True):
                scores[entry] = round(scores.get(entry, 0.0) + points, 9)
            if one.pairing.is_bye:
                if lineup[0] in place:
                    byes[place[lineup[0]]] += 1
                    floated[place[lineup[0]]] = 1
                continue
            for entry, other, side in ((lineup[0], lineup[1], 1), (lineup[1], lineup[0], -1)):
                if entry not in place:
                    continue
                here = place[entry]
                if other in place:
                    met[here, place[other]] += 1
                gap = at_start.get(entry, 0.0) - at_start.get(other, 0.0)
                floated[here] = (gap > 0) - (gap < 0)
                if one.is_played:
                    seats[here] += side
                    streak[here] = streak[here] + side if streak[here] * side > 0 else side
    totals = np.array([scores.get(entry, 0.0) for entry in entries], np.float64)
    return Past(tuple(entries), totals, met, byes, seats, streak, floated)
