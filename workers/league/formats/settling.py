"""What a pairing of a table gives to each of its line-up: by play, by a bye, or because somebody left."""

from collections.abc import Iterable
from dataclasses import dataclass

from workers.league.formats.contract import Pairing
from workers.league.formats.record import Encounter, Record


@dataclass(frozen=True, slots=True)
class Settled:
    """A pairing of which nothing is open any more."""

    pairing: Pairing
    points: tuple[float, ...]
    """By place in the line-up: up to one for each match."""
    scores: tuple[tuple[float, ...], ...]
    """The matches that count as played; none after a bye or a walkover."""
    why: str

    @property
    def is_played(self) -> bool:
        """Whether tie-breaks count it as met."""
        return bool(self.scores)


def settle(encounter: Encounter, record: Record, *, matches: int, bye_points: float) -> Settled | None:
    """Settle a pairing, or nothing while it is open.

    A disqualified entry loses all matches of all its pairings, played or not: nobody is hurt by having met
    it. Of a withdrawn one the matches that are not played are lost; those who stayed tie ahead of it.
    """
    pairing = encounter.pairing
    if pairing.is_bye:
        return Settled(pairing, (bye_points * matches,), (), "A bye.")
    stayed = record.remaining(pairing)
    if any(record.is_disqualified(entry) for entry in pairing.lineup):
        fair = tuple(entry for entry in stayed if not record.is_disqualified(entry))
        return Settled(
            pairing, _walkover(pairing, fair, matches), (), "A disqualified entry loses all its matches."
        )
    if encounter.played >= matches:
        return Settled(pairing, encounter.totals, encounter.scores, "Played.")
    if all(entry not in record.gone for entry in pairing.lineup):
        return None
    rest = _walkover(pairing, stayed, matches - encounter.played)
    points = tuple(round(a + b, 9) for a, b in zip(encounter.totals, rest, strict=True))
    return Settled(pairing, points, encounter.scores, "Matches not played go to those who stayed.")


def settle_all(
    encounters: Iterable[Encounter], record: Record, *, matches: int, bye_points: float
) -> list[Settled]:
    """Return what is settled of many pairings, in their order."""
    settled = (settle(one, record, matches=matches, bye_points=bye_points) for one in encounters)
    return [one for one in settled if one is not None]


def _walkover(pairing: Pairing, stayed: tuple[int, ...], matches: int) -> tuple[float, ...]:
    """Share out matches that nobody plays: those who stayed tie ahead of those who left."""
    places = len(pairing.lineup)
    if not stayed:
        return (0.0,) * places
    each = (places - len(stayed) + (len(stayed) - 1) / 2) / (places - 1) * matches
    return tuple(round(each, 9) if entry in stayed else 0.0 for entry in pairing.lineup)
