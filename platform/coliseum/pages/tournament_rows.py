"""A tournament as rows to print: tables, cross-tables, rounds with their matches, who takes part."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum.pages.brackets import bracket_rows, points_text
from coliseum.pages.rows import Row, agent_url
from coliseum.pages.tournament_rounds import anchor, open_pairings, round_rows
from coliseum.pages.tournament_whys import explained
from coliseum.pages.wording import amount
from coliseum.tournaments.history import Course
from coliseum.tournaments.models import Departure, Entrant, PairedMatch
from workers.league.formats import (
    DoubleElimination,
    Field,
    Groups,
    History,
    RoundRobin,
    SingleElimination,
    Standing,
    Swiss,
    Tables,
)
from workers.league.formats.tiebreaks import TIEBREAK_WORDS

MOST_CROSSED = 40
"""Entrants up to which a cross-table is drawn; larger ones are read from the rounds."""
_SHORT = {
    "buchholz_cut_1": "Buchholz -1",
    "buchholz": "Buchholz",
    "sonneborn_berger": "Sonneborn-Berger",
    "wins": gettext_lazy("Won"),
    "rating": gettext_lazy("Rating"),
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part, by number."""

    entrants: Mapping[int, Entrant]
    mine: frozenset[str]
    """Ids of the viewer's teams."""

    def describe(self, number: int) -> Row:
        """Return name, seed and address of an entrant."""
        entrant = self.entrants[number]
        return {
            "name": str(entrant.submission),
            "team": entrant.submission.entry.team.name,
            "seed": str(entrant.seed or ""),
            "url": agent_url(entrant.submission),
            "is_mine": entrant.submission.entry.team_id in self.mine,
        }


def stage_rows(
    course: Course, cast: Cast, paired: Sequence[PairedMatch], chosen: tuple[int, int] = (0, 0)
) -> list[Row]:
    """Return the stages that have started, the latest first.

    Args:
        course: what may be shown.
        cast: who takes part.
        paired: the matches of all pairings.
        chosen: stage and round to show where there are too many for one page; 0 chooses none.

    Raises:
        FormatError: the rows are not those of the format.
    """
    matches: dict[tuple[int, int, int], list[PairedMatch]] = defaultdict(list)
    for each in paired:
        matches[each.pairing.stage_id, each.pairing.round, each.pairing.number].append(each)
    rows = []
    for index, (stage, field, history) in enumerate(
        zip(course.stages, course.fields, course.histories, strict=True)
    ):
        form = course.plan.parts[index].stage
        row: Row = {
            "title": _title(form, len(field.entries)),
            "number": stage.number,
            "is_only": len(course.plan.parts) == 1,
            "bracket": [],
            "tables": [],
        }
        if isinstance(form, SingleElimination | DoubleElimination):
            row["bracket"] = bracket_rows(
                form, field, history, cast.describe, partial(anchor, stage.number, history)
            )
        elif isinstance(form, Groups):
            groups = zip(form.deal(field), form.tables(field, history), strict=True)
            row["tables"] = [
                _table(_("Group %(number)s") % {"number": number}, rows_, cast)
                | {"cross": _cross(group, history, cast)}
                for number, (group, rows_) in enumerate(groups, start=1)
            ]
        else:
            table = _table("", form.standings(field, history), cast)
            crossed = isinstance(form, RoundRobin) and len(field.entries) <= MOST_CROSSED
            row["tables"] = [table | {"cross": _cross(field, history, cast) if crossed else None}]
        own = {name[1:]: each for name, each in matches.items() if name[0] == stage.pk}
        wanted = chosen[1] if chosen[0] == stage.number else 0
        rows.append(
            row
            | round_rows(
                open_pairings(form, field, history), history, cast.describe, own, (stage.number, wanted)
            )
        )
    return rows[::-1]


def _title(form: object, entries: int) -> str:
    if isinstance(form, Swiss):
        return _("Swiss, %(rounds)s") % {"rounds": amount(form.rounds_for(entries), "round", "rounds")}
    if isinstance(form, Tables):
        return _("Tables of %(seats)s, %(rounds)s") % {
            "seats": form.seats,
            "rounds": amount(form.rounds_for(entries), "round", "rounds"),
        }
    if isinstance(form, RoundRobin):
        return {1: _("Round robin"), 2: _("Double round robin")}.get(
            form.cycles, _("Round robin, %(count)s times") % {"count": form.cycles}
        )
    if isinstance(form, Groups):
        return _("Groups")
    title = (
        _("Double elimination of %(count)s")
        if isinstance(form, DoubleElimination)
        else _("Knockout of %(count)s")
    )
    return title % {"count": entries}


def _table(title: str, standings: Sequence[Standing], cast: Cast) -> Row:
    names = [name for name, value in standings[0].values] if standings else []
    return {
        "title": title,
        "columns": [_SHORT[name] for name in names],
        "rows": [
            {
                **cast.describe(row.entry),
                "place": str(row.place) if row.place else _("none"),
                "is_placed": bool(row.place),
                "points": points_text(row.points),
                "played": row.played,
                "values": [
                    {
                        "label": _SHORT[name],
                        "value": f"{value:.0f}" if name == "rating" else points_text(value),
                    }
                    for name, value in row.values
                ],
                "why": explained(row.why),
            }
            for row in standings
        ],
    }


def place_rows(standings: Sequence[Standing], cast: Cast) -> list[Row]:
    """Return the places of the whole tournament."""
    return [
        {
            **cast.describe(row.entry),
            "place": str(row.place) if row.place else _("none"),
            "is_placed": bool(row.place),
            "is_in_play": row.why == "Still in.",
            "why": explained(row.why),
        }
        for row in standings
    ]


def tiebreak_rows() -> list[Row]:
    """Return the tie-breaks in their order, explained."""
    rows = [{"label": _SHORT[name], "text": _(TIEBREAK_WORDS[name])} for name in _SHORT if name != "buchholz"]
    direct = _(TIEBREAK_WORDS["direct_encounter"])
    return [{"label": _("Direct encounter"), "text": direct.partition("(")[2].rstrip(")")}, *rows]


def _cross(field: Field, history: History, cast: Cast) -> Row:
    """Return who got how many points against whom."""
    among = set(field.entries)
    got: dict[tuple[int, int], list[float]] = defaultdict(list)
    lineups = {pairing.name: pairing.lineup for pairing in history.pairings}
    for score in history.scores:
        first, second = lineups[score.round, score.number]
        if first in among:
            got[first, second].append(score.points[0])
            got[second, first].append(score.points[1])
    rows = []
    for entry in field.entries:
        cells = [_cell(entry, other, got.get((entry, other)), cast) for other in field.entries]
        rows.append({**cast.describe(entry), "cells": cells})
    return {"heads": [cast.describe(entry) for entry in field.entries], "rows": rows}


def _cell(entry: int, other: int, points: list[float] | None, cast: Cast) -> Row:
    if entry == other:
        return {"text": "", "word": "self", "title": ""}
    against = _("%(agent)s against %(other)s") % {
        "agent": cast.describe(entry)["name"],
        "other": cast.describe(other)["name"],
    }
    if not points:
        return {"text": "·", "word": "open", "title": _("%(pair)s: not played") % {"pair": against}}
    total, half = sum(points), len(points) / 2
    word = "won" if total > half else "lost" if total < half else "level"
    title = _("%(pair)s: %(points)s of %(matches)s") % {
        "pair": against,
        "points": points_text(total),
        "matches": amount(len(points), "match", "matches"),
    }
    return {"text": points_text(total), "word": word, "title": title}


def entrant_rows(cast: Cast, departures: Sequence[Departure]) -> list[Row]:
    """Return who takes part, in seed order, with how each entered and left."""
    left = {each.entrant_id: each for each in departures}
    rows = []
    for entrant in sorted(cast.entrants.values(), key=lambda each: (each.seed or 0, each.number)):
        gone = left.get(entrant.pk)
        rows.append(
            {
                **cast.describe(entrant.number),
                "submission": entrant.submission_id,
                "rating": f"{entrant.rating:.0f}" if entrant.rating is not None else _("none yet"),
                "left": gone.get_kind_display() if gone else "",
                "reason": gone.reason if gone else "",
            }
        )
    return rows
