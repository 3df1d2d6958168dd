"""Swiss: in each round everybody meets somebody of about the same score, and nobody twice.

How it works: each round is one matching of least cost over everybody who is left. In order of weight: nobody
meets again; the bye goes to the lowest who has had none; the sum of squared score gaps; seats, where they
matter; nobody leaves his score group the same way twice in a row; in a group the upper half meets the lower.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log2

import numpy as np

from workers.league.formats.by_rounds import active_in, due_by_rounds
from workers.league.formats.contract import Due, Field, FormatError, History, Pairing, Standing, require_count
from workers.league.formats.record import Record, read_history
from workers.league.formats.settling import Settled, settle_all
from workers.league.formats.swiss_past import look_back
from workers.league.formats.swiss_round import pair_swiss_round
from workers.league.formats.table import make_table
from workers.league.formats.tiebreaks import DEFAULT_TIEBREAKS, TieBreak, check_tiebreaks


@dataclass(frozen=True, slots=True)
class Swiss:
    """Options of a Swiss tournament of pairings of two.

    Source:
        FIDE Handbook C.04.1 (basic rules for Swiss systems); C.04.5.1 (Baku acceleration).
    """

    rounds: int = 0
    """0 is ceil(log2 n) + 5. Never more than it takes to meet everybody."""
    matches: int = 1
    """Of each pairing."""
    bye_points: float = 1.0
    """For each match that a bye replaces."""
    alternates_seats: bool = False
    """Seats matter, because a match is not played in both seatings."""
    is_accelerated: bool = False
    """The upper half of the seeds starts with virtual points, so that the strong meet earlier."""
    tiebreaks: tuple[TieBreak, ...] = DEFAULT_TIEBREAKS

    def __post_init__(self) -> None:
        require_count("rounds", self.rounds, 0)
        require_count("matches", self.matches, 1)
        if not 0 <= self.bye_points <= 1:
            raise FormatError(f"bye_points is {self.bye_points}; it must be 0 to 1")
        check_tiebreaks(self.tiebreaks)

    def rounds_for(self, entries: int) -> int:
        """Return how many rounds a field of so many entries plays."""
        if entries < 2:
            return 0
        return min(self.rounds or ceil(log2(entries)) + 5, entries - 1 + entries % 2)

    def due(self, field: Field, history: History) -> tuple[Due, ...]:
        """Return the open pairings of the round, or those of the next; none when it is over."""

        def pair_round(round_: int, record: Record, before: Sequence[Settled]) -> list[Pairing]:
            past = look_back(active_in(field, record, round_), before)
            virtual = self._virtual(field, round_)
            return pair_swiss_round(
                past,
                np.array([virtual.get(entry, 0.0) for entry in past.entries]),
                round_=round_,
                alternates_seats=self.alternates_seats,
                rng=np.random.default_rng([field.lot % (1 << 63), round_]),
            )

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

    def _virtual(self, field: Field, round_: int) -> dict[int, float]:
        """Return the virtual points of a round: one, then a half, in the first half of the rounds."""
        accelerated = ceil(self.rounds_for(len(field.entries)) / 2)
        if not self.is_accelerated or round_ > accelerated:
            return {}
        points = 1.0 if round_ <= ceil(accelerated / 2) else 0.5
        return dict.fromkeys(field.entries[: 2 * ceil(len(field.entries) / 4)], points * self.matches)
