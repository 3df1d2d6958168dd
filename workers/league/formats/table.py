"""The table of a stage in which points are counted: order, shared places, and why each is where it is."""

from collections.abc import Sequence

from workers.league.formats.contract import Field, Standing
from workers.league.formats.lots import draw_lot
from workers.league.formats.record import Record
from workers.league.formats.settling import Settled
from workers.league.formats.tiebreaks import TIEBREAK_WORDS, Sheet, TieBreak, make_sheet, tiebreak_values

_Class = tuple[list[int], str]
"""Entries that nothing separates, and what puts them ahead of the next class."""


def make_table(
    field: Field,
    settled: Sequence[Settled],
    record: Record,
    *,
    matches: int,
    tiebreaks: Sequence[TieBreak],
    rounds: int = 0,
    annulled: frozenset[int] = frozenset(),
) -> tuple[Standing, ...]:
    """Return the table; a withdrawn entry keeps points and place, a disqualified one comes last without one.

    Args:
        field: everybody of the stage.
        settled: the pairings that count, in any order.
        record: the checked history.
        matches: planned for each pairing.
        tiebreaks: asked in this order; the rating only where the field has ratings.
        rounds: so many have been paired without those who had left; 0 where the plan pairs them on.
        annulled: entries whose results do not count for anybody; their pairings must not be in `settled`.
    """
    sheet = make_sheet(field, settled, record, matches=matches, rounds=rounds)
    tiebreaks = [name for name in tiebreaks if name != "rating" or field.ratings]
    ranked = [e for e in field.entries if e not in annulled and not record.is_disqualified(e)]
    rows: list[Standing] = []
    for level, ahead_by in _order(ranked, sheet, tiebreaks):
        place = len(rows) + 1
        for entry in sorted(level, key=lambda entry: draw_lot(field.lot, entry)):
            decided = "lot" if len(level) > 1 and entry != _last(level, field) else ahead_by
            rows.append(_standing(entry, place, sheet, tiebreaks, decided))
    explained = [
        _explained(row, rows[index + 1] if index + 1 < len(rows) else None, rows)
        for index, row in enumerate(rows)
    ]
    unplaced = [entry for entry in field.entries if entry in annulled or record.is_disqualified(entry)]
    return (*explained, *(_unplaced(entry, sheet, record) for entry in unplaced))


def _last(level: Sequence[int], field: Field) -> int:
    return max(level, key=lambda entry: draw_lot(field.lot, entry))


def _order(entries: list[int], sheet: Sheet, tiebreaks: Sequence[TieBreak]) -> list[_Class]:
    classes: list[_Class] = []
    for level in _groups(entries, {entry: sheet.points[entry] for entry in entries}):
        classes += _split(level, sheet, tiebreaks, "points")
    return classes


def _split(level: list[int], sheet: Sheet, tiebreaks: Sequence[TieBreak], ahead_by: str) -> list[_Class]:
    """Separate entries that are level; the direct encounter is asked again for those it leaves level."""
    if len(level) == 1 or not tiebreaks:
        return [(level, ahead_by)]
    name, rest = tiebreaks[0], tiebreaks[1:]
    parts = _groups(level, tiebreak_values(name, sheet, level))
    again = tiebreaks if name == "direct_encounter" and len(parts) > 1 else rest
    classes: list[_Class] = []
    for index, part in enumerate(parts):
        classes += _split(part, sheet, again, name if index + 1 < len(parts) else ahead_by)
    return classes


def _groups(entries: Sequence[int], values: dict[int, float]) -> list[list[int]]:
    """Return entries of equal value together, most first; thirds that add up to the same are equal."""
    by_value: dict[float, list[int]] = {}
    for entry in entries:
        by_value.setdefault(round(values[entry], 6), []).append(entry)
    return [by_value[value] for value in sorted(by_value, reverse=True)]


def _standing(
    entry: int, place: int, sheet: Sheet, tiebreaks: Sequence[TieBreak], decided_by: str
) -> Standing:
    values = tuple(
        (name, tiebreak_values(name, sheet, [entry])[entry])
        for name in tiebreaks
        if name != "direct_encounter"
    )
    played = sum(bool(meeting.against) for meeting in sheet.meetings[entry])
    return Standing(entry, place, sheet.points[entry], played, decided_by, values, "")


def _explained(row: Standing, below: Standing | None, rows: Sequence[Standing]) -> Standing:
    sharing = sum(other.place == row.place for other in rows)
    if sharing > 1:
        why = f"Shares the place with {sharing - 1} more: equal in points and all tie-breaks."
    elif below is None:
        why = f"{row.points:g} points."
    elif row.decided_by == "points":
        why = f"Ahead of the next by points: {row.points:g} against {below.points:g}."
    else:
        mine, theirs = dict(row.values).get(row.decided_by), dict(below.values).get(row.decided_by)
        figures = "" if mine is None or theirs is None else f": {mine:g} against {theirs:g}"
        why = f"On equal points ahead of the next by {TIEBREAK_WORDS[row.decided_by]}{figures}."
    decided_by = "" if below is None else row.decided_by
    return Standing(row.entry, row.place, row.points, row.played, decided_by, row.values, why)


def _unplaced(entry: int, sheet: Sheet, record: Record) -> Standing:
    why = (
        "Disqualified: all its pairings count as lost."
        if record.is_disqualified(entry)
        else "Withdrawn before half of its pairings were played: its results count for nobody."
    )
    return Standing(entry, 0, sheet.points[entry], 0, "", (), why)
