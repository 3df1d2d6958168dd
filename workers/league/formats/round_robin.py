"""Everybody meets everybody, by the circle method: once, twice with seats swapped, or more often."""

from collections.abc import Sequence
from dataclasses import dataclass

from workers.league.formats.contract import Due, Field, FormatError, History, Pairing, Standing, require_count
from workers.league.formats.record import Encounter, Record, read_history
from workers.league.formats.settling import settle, settle_all
from workers.league.formats.table import make_table
from workers.league.formats.tiebreaks import DEFAULT_TIEBREAKS, TieBreak, check_tiebreaks


@dataclass(frozen=True, slots=True)
class RoundRobin:
    """Options of a round robin. All its pairings are due from the start; rounds are only their order.

    Whoever withdraws before half of its pairings were played is taken out as if it had never come; later, the
    rest is lost to the opponents.

    Source:
        FIDE Handbook C.05 (general regulations), withdrawals from a round robin.
    """

    cycles: int = 1
    """How often each meets each; every second cycle with seats swapped."""
    matches: int = 1
    """Of each pairing."""
    tiebreaks: tuple[TieBreak, ...] = DEFAULT_TIEBREAKS

    def __post_init__(self) -> None:
        require_count("cycles", self.cycles, 1, 100)
        require_count("matches", self.matches, 1)
        check_tiebreaks(self.tiebreaks)

    def due(self, field: Field, history: History) -> tuple[Due, ...]:
        """Return all pairings that are open, in order of rounds."""
        record = read_history(field, history)
        schedule = make_schedule(field.entries, self.cycles)
        annulled = self._annulled(schedule, record)
        due = []
        for pairing in schedule:
            encounter = record.encounters.get(pairing.name, Encounter(pairing))
            if encounter.pairing != pairing:
                raise FormatError(
                    f"pairing {pairing.number} of round {pairing.round} is another in the schedule"
                )
            if annulled.isdisjoint(pairing.lineup) and self._settles(encounter, record) is None:
                due.append(Due(pairing, self.matches))
        return tuple(due)

    def standings(self, field: Field, history: History) -> tuple[Standing, ...]:
        """Return the table of all pairings that are settled."""
        record = read_history(field, history)
        schedule = make_schedule(field.entries, self.cycles) if record.gone else ()
        annulled = self._annulled(schedule, record)
        unplayed = (Encounter(pairing) for pairing in schedule if pairing.name not in record.encounters)
        counted = [
            encounter
            for encounter in (*record.encounters.values(), *unplayed)
            if annulled.isdisjoint(encounter.pairing.lineup)
        ]
        settled = settle_all(counted, record, matches=self.matches, bye_points=0.0)
        return make_table(
            field, settled, record, matches=self.matches, tiebreaks=self.tiebreaks, annulled=annulled
        )

    def _settles(self, encounter: Encounter, record: Record) -> object:
        return settle(encounter, record, matches=self.matches, bye_points=0.0)

    def _annulled(self, schedule: Sequence[Pairing], record: Record) -> frozenset[int]:
        """Return who withdrew with less than half of its pairings played."""
        withdrawn = {entry for entry, left in record.gone.items() if left.kind == "withdrawn"}
        played, planned = dict.fromkeys(withdrawn, 0), dict.fromkeys(withdrawn, 0)
        for pairing in schedule if withdrawn else ():
            encounter = record.encounters.get(pairing.name)
            for entry in withdrawn.intersection(pairing.lineup):
                planned[entry] += 1
                played[entry] += encounter is not None and encounter.played >= self.matches
        return frozenset(entry for entry in withdrawn if 2 * played[entry] < planned[entry])


def make_schedule(entries: Sequence[int], cycles: int = 1) -> tuple[Pairing, ...]:
    """Return all pairings of a round robin; an odd field leaves one out in each round.

    Within a cycle nobody sits first more than once oftener than second, or the other way round.

    Source:
        The circle method: Kirkman 1847, Cambridge and Dublin Mathematical Journal 2:191-204.
    """
    circle: list[int | None] = list(entries)
    if len(circle) % 2:
        circle.append(None)
    rounds = len(circle) - 1
    one_cycle = [_round_of(circle, turn) for turn in range(rounds)] if len(entries) > 1 else []
    pairings = []
    for cycle in range(cycles):
        for turn, pairs in enumerate(one_cycle):
            round_ = cycle * rounds + turn + 1
            why = f"Round {round_} of {cycles * rounds}: everybody meets everybody."
            for number, (first, second) in enumerate(pairs, start=1):
                lineup = (second, first) if cycle % 2 else (first, second)
                pairings.append(Pairing(round_, number, lineup, why=why))
    return tuple(pairings)


def _round_of(circle: Sequence[int | None], turn: int) -> list[tuple[int, int]]:
    """Turn all but the last by one place a round; who sits first alternates along the circle."""
    size = len(circle) - 1
    fixed, facing = circle[size], circle[turn % size]
    pairs: list[tuple[int | None, int | None]] = [(facing, fixed) if turn % 2 == 0 else (fixed, facing)]
    for step in range(1, (size + 1) // 2):
        ahead, behind = circle[(turn + step) % size], circle[(turn - step) % size]
        pairs.append((ahead, behind) if step % 2 else (behind, ahead))
    return [(first, second) for first, second in pairs if first is not None and second is not None]
