"""Tables of more than two seats: everybody meets everybody as evenly as it goes, or those of like score.

How it works: each round starts from a drawn or a ranked order cut into tables, and is made better by
exchanging two entries at a time, as long as that lowers the cost: repeated meetings, and scores far apart.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, log2

import numpy as np

from workers.league.formats.by_rounds import active_in, due_by_rounds
from workers.league.formats.contract import Due, Field, FormatError, History, Pairing, Standing, require_count
from workers.league.formats.record import Record, read_history
from workers.league.formats.settling import Settled, settle_all
from workers.league.formats.table import make_table
from workers.league.formats.tiebreaks import DEFAULT_TIEBREAKS, TieBreak, check_tiebreaks
from workers.league.seating import seat_lineup

_SWEEPS = 8
_NEAR = 40
"""Exchanges are tried with so many that follow in order, so that a large field stays quick."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Options of rounds at tables; a table is a pairing with as many entries as the arena has seats."""

    seats: int
    rounds: int = 0
    """0 is as many as it takes to meet everybody once, by score ceil(log2 n) + 5."""
    by_score: bool = False
    """Swiss: those of like score sit together."""
    matches: int = 1
    bye_points: float = 0.5
    """For each match of a round one had to sit out; 0.5 is what an average seat brings."""
    tiebreaks: tuple[TieBreak, ...] = DEFAULT_TIEBREAKS

    def __post_init__(self) -> None:
        require_count("seats", self.seats, 2, 64)
        require_count("rounds", self.rounds, 0)
        require_count("matches", self.matches, 1)
        if not 0 <= self.bye_points <= 1:
            raise FormatError(f"bye_points is {self.bye_points}; it must be 0 to 1")
        check_tiebreaks(self.tiebreaks)

    def rounds_for(self, entries: int) -> int:
        """Return how many rounds a field of so many entries plays; none where it does not fill a table."""
        if entries < self.seats:
            return 0
        if self.rounds:
            return self.rounds
        if self.by_score:
            return ceil(log2(entries)) + 5
        # Everybody meets seats - 1 others in a round, and sits out some.
        seated = entries // self.seats * self.seats
        return ceil((entries - 1) * entries / ((self.seats - 1) * seated))

    def due(self, field: Field, history: History) -> tuple[Due, ...]:
        """Return the open tables of the round, or those of the next; none when it is over."""

        def pair_round(round_: int, record: Record, before: Sequence[Settled]) -> list[Pairing]:
            return self._seat_round(field, round_, record, before)

        return due_by_rounds(
            field,
            read_history(field, history),
            pair_round,
            rounds=self.rounds_for(len(field.entries)),
            matches=self.matches,
            bye_points=self.bye_points,
        )

    def standings(self, field: Field, history: History) -> tuple[Standing, ...]:
        """Return the table of all pairings that are settled."""
        record = read_history(field, history)
        settled = settle_all(
            record.encounters.values(), record, matches=self.matches, bye_points=self.bye_points
        )
        return make_table(
            field, settled, record, matches=self.matches, tiebreaks=self.tiebreaks, rounds=record.rounds
        )

    def _seat_round(
        self, field: Field, round_: int, record: Record, before: Sequence[Settled]
    ) -> list[Pairing]:
        entries = active_in(field, record, round_)
        if len(entries) < self.seats:
            return []
        rng = np.random.default_rng([field.lot % (1 << 63), round_])
        scores, byes, met, sat = _look_back(before, self.seats)
        drawn = {entry: int(lot) for entry, lot in zip(entries, rng.permutation(len(entries)), strict=True)}
        sits_out = _sitting_out(entries, scores, byes, drawn, len(entries) % self.seats)
        playing = [entry for entry in entries if entry not in sits_out]
        if self.by_score:
            playing.sort(key=lambda entry: -scores[entry])
        else:
            playing.sort(key=lambda entry: drawn[entry])
        weight = scores if self.by_score else Counter()
        tables = _improved(playing, self.seats, met, weight)
        counts = np.array([[sat[entry, seat] for seat in range(self.seats)] for entry in entries], np.int64)
        index = {entry: place for place, entry in enumerate(entries)}
        pairings = []
        for number, table in enumerate(tables, start=1):
            seated = seat_lineup(tuple(index[entry] for entry in table), counts)
            why = _why(table, scores, met, by_score=self.by_score)
            pairings.append(Pairing(round_, number, tuple(entries[place] for place in seated), why=why))
        for number, entry in enumerate(sorted(sits_out, key=entries.index), start=len(tables) + 1):
            why = f"{len(entries)} entries do not fill tables of {self.seats}: those who sat out least do."
            pairings.append(Pairing(round_, number, (entry,), "Bye", why))
        return pairings


def _look_back(
    before: Sequence[Settled], seats: int
) -> tuple[Counter[int], Counter[int], Counter[frozenset[int]], Counter[tuple[int, int]]]:
    """Return scores in thousandths, byes, meetings, and how often each sat where."""
    scores: Counter[int] = Counter()
    byes: Counter[int] = Counter()
    met: Counter[frozenset[int]] = Counter()
    sat: Counter[tuple[int, int]] = Counter()
    for one in before:
        lineup = one.pairing.lineup
        for seat, entry in enumerate(lineup):
            scores[entry] += round(1000 * one.points[seat])
            sat[entry, seat] += len(lineup) == seats
        byes.update(lineup if one.pairing.is_bye else ())
        met.update(frozenset(pair) for pair in combinations(lineup, 2))
    return scores, byes, met, sat


def _sitting_out(
    entries: Sequence[int], scores: Counter[int], byes: Counter[int], drawn: dict[int, int], count: int
) -> set[int]:
    """Return who has sat out least, of these the lowest scores."""
    order = sorted(entries, key=lambda entry: (byes[entry], scores[entry], drawn[entry]))
    return set(order[:count])


def _improved(
    order: list[int], seats: int, met: Counter[frozenset[int]], scores: Counter[int]
) -> list[tuple[int, ...]]:
    """Exchange two entries at a time while that lowers the cost of their two tables."""
    tables = [order[start : start + seats] for start in range(0, len(order), seats)]
    for _ in range(_SWEEPS):
        moved = False
        for here in range(len(order)):
            for there in range(here + 1, min(len(order), here + _NEAR + seats)):
                one, other = tables[here // seats], tables[there // seats]
                if one is not other:
                    moved |= _exchange(one, here % seats, other, there % seats, met, scores)
        if not moved:
            break
    return [tuple(table) for table in tables]


def _exchange(
    one: list[int], i: int, other: list[int], j: int, met: Counter[frozenset[int]], scores: Counter[int]
) -> bool:
    """Exchange two entries if that is better, and say so."""
    a, b = one[i], other[j]
    before = _cost(a, one, met, scores) + _cost(b, other, met, scores)
    one[i], other[j] = b, a
    after = _cost(b, one, met, scores) + _cost(a, other, met, scores)
    if after < before:
        return True
    one[i], other[j] = a, b
    return False


def _cost(entry: int, table: Sequence[int], met: Counter[frozenset[int]], scores: Counter[int]) -> int:
    """Return what an entry costs at a table: a first rematch weighs more than three points of distance."""
    total = 0
    for other in table:
        if other != entry:
            gap = scores[entry] - scores[other]
            again = met[frozenset((entry, other))]
            total += gap * gap + 4_000_000 * ((again + 1) ** 2 - 1)
    return total


def _why(table: Sequence[int], scores: Counter[int], met: Counter[frozenset[int]], *, by_score: bool) -> str:
    again = sum(met[frozenset(pair)] > 0 for pair in combinations(table, 2))
    repeated = f" {again} of the pairs have met before." if again else " None of them have met before."
    if not by_score:
        return "Drawn so that everybody meets everybody as evenly as it goes." + repeated
    low, high = min(scores[entry] for entry in table) / 1000, max(scores[entry] for entry in table) / 1000
    return f"Scores from {low:g} to {high:g}." + repeated
