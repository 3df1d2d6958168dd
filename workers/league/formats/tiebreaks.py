"""What separates entries on equal points: each tie-break as a function of all settled pairings.

Source:
    FIDE Handbook C.07 (tie-break regulations), articles 6 to 9 and 16, simplified: an unplayed round counts
    as met with an opponent of one's own points, and rounds a withdrawn opponent missed count as drawn for it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from workers.league.formats.contract import Field, FormatError
from workers.league.formats.record import Record
from workers.league.formats.settling import Settled

TieBreak: TypeAlias = Literal[
    "direct_encounter", "buchholz_cut_1", "buchholz", "sonneborn_berger", "wins", "rating"
]
DEFAULT_TIEBREAKS: Final[tuple[TieBreak, ...]] = (
    "direct_encounter",
    "buchholz_cut_1",
    "sonneborn_berger",
    "wins",
    "rating",
)
TIEBREAK_WORDS: Final[Mapping[str, str]] = {
    "direct_encounter": "direct encounter (points in the pairings among those who are level)",
    "buchholz_cut_1": "Buchholz cut 1 (points of all opponents but the weakest)",
    "buchholz": "Buchholz (points of all opponents)",
    "sonneborn_berger": "Sonneborn-Berger (points of the opponents one has scored against)",
    "wins": "pairings won by play",
    "rating": "rating in the league",
}


@dataclass(frozen=True, slots=True)
class Meeting:
    """One settled pairing as one of its entries sees it."""

    points: float
    against: tuple[tuple[int, float], ...]
    """Opponents, and what was scored against each, up to one a match; empty where nothing was played."""
    is_won: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that tie-breaks are counted from."""

    meetings: Mapping[int, Sequence[Meeting]]
    points: Mapping[int, float]
    """Of every entry of the table."""
    adjusted: Mapping[int, float]
    """Points as they count for one's opponents."""
    ratings: Mapping[int, float]


def make_sheet(
    field: Field, settled: Sequence[Settled], record: Record, *, matches: int, rounds: int
) -> Sheet:
    """Count points and list who met whom.

    Args:
        field: everybody of the stage.
        settled: the pairings that count.
        record: tells who has left, and when.
        matches: of each pairing.
        rounds: so many have been paired without those who had left; 0 where the plan pairs them on.
    """
    meetings: dict[int, list[Meeting]] = {entry: [] for entry in field.entries}
    for one in settled:
        for place, entry in enumerate(one.pairing.lineup):
            meetings[entry].append(_meeting(one, place))
    points = {entry: round(sum(one.points for one in rows), 9) for entry, rows in meetings.items()}
    missed = {
        entry: max(0, rounds - left.after_round)
        for entry, left in record.gone.items()
        if left.kind == "withdrawn"
    }
    adjusted = {entry: value + 0.5 * matches * missed.get(entry, 0) for entry, value in points.items()}
    return Sheet(meetings, points, adjusted, dict(zip(field.entries, field.ratings, strict=False)))


def check_tiebreaks(tiebreaks: Sequence[str]) -> None:
    """Check the names a host has chosen.

    Raises:
        FormatError: a name is unknown or there twice.
    """
    for name in tiebreaks:
        if name not in TIEBREAK_WORDS:
            raise FormatError(f"unknown tie-break {name!r}; there are {', '.join(TIEBREAK_WORDS)}")
    if len(set(tiebreaks)) != len(tiebreaks):
        raise FormatError("a tie-break is named twice")


def tiebreak_values(name: TieBreak, sheet: Sheet, level: Sequence[int]) -> dict[int, float]:
    """Return the value of a tie-break for entries that are level; more is better."""
    if name == "direct_encounter":
        return _direct_encounter(sheet, level)
    count = _COUNTS[name]
    return {entry: round(count(sheet, entry), 9) for entry in level}


def _meeting(one: Settled, place: int) -> Meeting:
    lineup = one.pairing.lineup
    others = [other for other in range(len(lineup)) if other != place]
    # At a table of several, "against" is how often one was ahead of that one; two share the match's points.
    against = tuple(
        (
            lineup[other],
            sum(
                match[place]
                if len(lineup) == 2
                else 0.5 * (1 + (match[place] > match[other]) - (match[place] < match[other]))
                for match in one.scores
            ),
        )
        for other in others
        if one.is_played
    )
    best_other = max((one.points[other] for other in others), default=one.points[place])
    return Meeting(one.points[place], against, one.is_played and one.points[place] > best_other)


def _direct_encounter(sheet: Sheet, level: Sequence[int]) -> dict[int, float]:
    """Count points among those who are level; nothing for anybody unless all of them have met.

    A pair that met more often than others counts by its mean.
    """
    scored: dict[tuple[int, int], list[float]] = defaultdict(list)
    among = set(level)
    for entry in level:
        for meeting in sheet.meetings[entry]:
            for other, points in meeting.against:
                if other in among:
                    scored[entry, other].append(points)
    if len(scored) < len(level) * (len(level) - 1):
        return dict.fromkeys(level, 0.0)
    values = dict.fromkeys(level, 0.0)
    for (entry, _), scores in scored.items():
        values[entry] += sum(scores) / len(scores)
    return {entry: round(value, 9) for entry, value in values.items()}


def _opponents(sheet: Sheet, entry: int) -> list[float]:
    """Return, for each pairing, the mean points of the opponents; one's own where nothing was played."""
    return [
        sum(sheet.adjusted[other] for other, _ in meeting.against) / len(meeting.against)
        if meeting.against
        else sheet.points[entry]
        for meeting in sheet.meetings[entry]
    ]


def _buchholz(sheet: Sheet, entry: int) -> float:
    return sum(_opponents(sheet, entry))


def _buchholz_cut_1(sheet: Sheet, entry: int) -> float:
    return sum(sorted(_opponents(sheet, entry))[1:])


def _sonneborn_berger(sheet: Sheet, entry: int) -> float:
    total = 0.0
    for meeting in sheet.meetings[entry]:
        if meeting.against:
            total += sum(points * sheet.adjusted[other] for other, points in meeting.against) / len(
                meeting.against
            )
        else:
            total += meeting.points * sheet.points[entry]
    return total


def _wins(sheet: Sheet, entry: int) -> float:
    return float(sum(meeting.is_won for meeting in sheet.meetings[entry]))


def _rating(sheet: Sheet, entry: int) -> float:
    return sheet.ratings.get(entry, 0.0)


_COUNTS: Final[Mapping[str, Callable[[Sheet, int], float]]] = {
    "buchholz_cut_1": _buchholz_cut_1,
    "buchholz": _buchholz,
    "sonneborn_berger": _sonneborn_berger,
    "wins": _wins,
    "rating": _rating,
}
