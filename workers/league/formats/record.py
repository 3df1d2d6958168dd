"""A history that has been checked and put in order: what each pairing has given so far, and who has left."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from workers.league.formats.contract import Departure, Field, FormatError, History, Pairing, Score


@dataclass(frozen=True, slots=True)
class Encounter:
    """A pairing with the matches of it that are finished."""

    pairing: Pairing
    scores: tuple[tuple[float, ...], ...] = ()
    """(matches, places in the line-up), in the order of the matches."""

    @property
    def played(self) -> int:
        """How many matches are finished."""
        return len(self.scores)

    @property
    def totals(self) -> tuple[float, ...]:
        """Points by place in the line-up, summed over the matches."""
        return tuple(
            round(sum(match[place] for match in self.scores), 9) for place in range(len(self.pairing.lineup))
        )


@dataclass(frozen=True, slots=True)
class Record:
    """A checked history; the same for every order in which it arrived."""

    encounters: Mapping[tuple[int, int], Encounter]
    """By round and number, in that order."""
    gone: Mapping[int, Departure]

    @property
    def rounds(self) -> int:
        """The last round of which a pairing has been issued; 0 before the first."""
        return max((round_ for round_, _ in self.encounters), default=0)

    def is_disqualified(self, entry: int) -> bool:
        """Say whether an entry has been disqualified."""
        return entry in self.gone and self.gone[entry].kind == "disqualified"

    def has_left_before(self, entry: int, round_: int) -> bool:
        """Say whether an entry is no longer to be paired in a round."""
        return entry in self.gone and self.gone[entry].after_round < round_

    def remaining(self, pairing: Pairing) -> tuple[int, ...]:
        """Return who of a line-up stayed to the end of its pairing.

        Where all have left by now, the one who was paired in a later round stayed longest.
        """
        here = tuple(entry for entry in pairing.lineup if entry not in self.gone)
        if here:
            return here
        latest = max(self.gone[entry].after_round for entry in pairing.lineup)
        last = tuple(entry for entry in pairing.lineup if self.gone[entry].after_round == latest)
        return last if latest > pairing.round and len(last) == 1 else ()


def read_history(field: Field, history: History) -> Record:
    """Check a history against its field.

    Raises:
        FormatError: pairings or scores contradict each other or the field.
    """
    known = set(field.entries)
    pairings: dict[tuple[int, int], Pairing] = {}
    for pairing in history.pairings:
        _check_pairing(pairing, known)
        if pairings.setdefault(pairing.name, pairing) != pairing:
            raise FormatError(f"pairing {pairing.number} of round {pairing.round} is there twice")
    matches: dict[tuple[int, int], dict[int, tuple[float, ...]]] = {name: {} for name in pairings}
    for score in history.scores:
        played = matches.get((score.round, score.number))
        if played is None:
            raise FormatError(
                f"a score names pairing {score.number} of round {score.round}, which was not issued"
            )
        _check_score(score, len(pairings[score.round, score.number].lineup))
        if played.setdefault(score.match, score.points) != score.points:
            raise FormatError(
                f"match {score.match} of pairing {score.number}, round {score.round} has two scores"
            )
    return Record(
        {
            name: Encounter(pairings[name], tuple(points for _, points in sorted(matches[name].items())))
            for name in sorted(pairings)
        },
        _gone(history, known),
    )


def _check_pairing(pairing: Pairing, known: set[int]) -> None:
    where = f"pairing {pairing.number} of round {pairing.round}"
    if pairing.round < 1 or pairing.number < 1:
        raise FormatError(f"{where}: rounds and numbers start at 1")
    if not pairing.lineup or not known.issuperset(pairing.lineup):
        raise FormatError(f"{where} names an entry that is not in the field")
    if len(set(pairing.lineup)) != len(pairing.lineup):
        raise FormatError(f"{where} pairs an entry with itself")


def _check_score(score: Score, places: int) -> None:
    where = f"match {score.match} of pairing {score.number}, round {score.round}"
    if score.match < 1:
        raise FormatError(f"{where}: matches are counted from 1")
    if len(score.points) != places or places < 2:
        raise FormatError(f"{where} has {len(score.points)} scores for {places} entries")
    if not all(isfinite(points) and 0 <= points <= 1 for points in score.points):
        raise FormatError(f"{where}: points must be 0 to 1")


def _gone(history: History, known: set[int]) -> dict[int, Departure]:
    """Return one departure each: the earliest, and a disqualification before a withdrawal."""
    gone: dict[int, Departure] = {}
    for departure in sorted(history.departures, key=lambda left: (left.entry, left.kind, left.after_round)):
        if departure.entry not in known:
            continue
        first = gone.setdefault(departure.entry, departure)
        if departure.after_round < first.after_round:
            gone[departure.entry] = Departure(departure.entry, first.kind, departure.after_round)
    return gone
