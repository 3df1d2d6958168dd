"""The tables of a competition as plain rows, a portion at a time: what its archive and bulk exports hold."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from django.db.models import QuerySet

from coliseum.competitions.models import Competition
from coliseum.leaderboards.models import RatingChange, Standing
from coliseum.matches.models import Match, MatchState, Seat
from coliseum.matches.queries import PUBLIC_KINDS
from coliseum.submissions.models import Role, Submission, SubmissionState
from workers.spec import Isolation

Row = dict[str, Any]  # Any: text, whole number, number, yes or no, or nothing
Kind = Literal["text", "integer", "real", "boolean"]
PORTION: Final = 500


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its columns in order, and how a portion of its rows is read."""

    name: str
    columns: dict[str, Kind]
    """The first one is the key that rows are sorted by and that `after` names; times are ISO 8601, UTC."""
    read: Callable[[Competition, str, int, bool], list[Row]]
    """Takes competition, key of the row before (or ""), most rows, and whether a host reads."""

    def rows(self, competition: Competition, *, for_host: bool) -> Iterator[list[Row]]:
        """Yield all rows in portions; each portion is one look at the database."""
        after = ""
        key = next(iter(self.columns))
        while portion := self.read(competition, after, PORTION, for_host):
            yield portion
            after = str(portion[-1][key])


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _number(after: str) -> int:
    return int(after) if after.isdecimal() and len(after) < 19 else 0


def _entries(competition: Competition, after: str, most: int, for_host: bool) -> list[Row]:
    rows = competition.entries.select_related("team").filter(pk__gt=_number(after)).order_by("pk")
    return [
        {
            "entry": entry.pk,
            "team": entry.team.name,
            "is_house": entry.team.is_house,
            "joined_at": _time(entry.joined_at),
            "disqualified_at": _time(entry.disqualified_at),
            "disqualified_reason": entry.disqualified_reason,
        }
        for entry in rows[:most]
    ]


def _submissions(competition: Competition, after: str, most: int, for_host: bool) -> list[Row]:
    rows = Submission.objects.filter(entry__competition=competition, pk__gt=after)
    rows = rows.exclude(role=Role.REHEARSAL)
    if not for_host:
        shown = (SubmissionState.READY, SubmissionState.RETIRED)
        rows = rows.filter(state__in=shown).exclude(role=Role.HOLDOUT)
    return [
        {
            "submission": made.pk,
            "entry": made.entry_id,
            "team": made.entry.team.name,
            "name": made.name,
            "number": made.number,
            "state": made.state,
            "code": made.code,
            "role": made.role,
            "baseline": made.baseline,
            "is_active": made.is_active,
            "uploaded_at": _time(made.uploaded_at),
            "validated_at": _time(made.validated_at),
        }
        for made in rows.select_related("entry__team").order_by("pk")[:most]
    ]


def _some_matches(competition: Competition, after: str, for_host: bool) -> QuerySet[Match]:
    rows = competition.matches.filter(pk__gt=after)
    if not for_host:
        rows = rows.filter(kind__in=PUBLIC_KINDS, is_held=False).exclude(state=MatchState.CANCELLED)
    return rows.order_by("pk")


def _matches(competition: Competition, after: str, most: int, for_host: bool) -> list[Row]:
    rows = _some_matches(competition, after, for_host).select_related("phase")
    return [
        {
            "match": match.pk,
            "phase": match.phase.slug if match.phase else None,
            "kind": match.kind,
            "state": match.state,
            "is_counted": match.is_counted,
            "reason": match.reason,
            "queued_at": _time(match.queued_at),
            "finished_at": _time(match.finished_at),
            "seconds": match.seconds,
            "isolation": Isolation(match.isolation).value if match.isolation is not None else None,
            "digest": match.digest,
            "error": match.error,
        }
        for match in rows[:most]
    ]


def _seats(competition: Competition, after: str, most: int, for_host: bool) -> list[Row]:
    """Return the seats of half as many matches, so that no match is cut in two."""
    found = _some_matches(competition, after.partition("#")[0], for_host)
    matches = list(found.values_list("pk", flat=True)[: max(1, most // 2)])
    seats = Seat.objects.filter(match__in=matches).select_related("submission__entry__team")
    return [
        {
            "seat": f"{seat.match_id}#{seat.position}",
            "match": seat.match_id,
            "position": seat.position,
            "submission": seat.submission_id,
            "agent": str(seat.submission),
            "team": seat.submission.entry.team.name,
            "outcome": seat.outcome,
            "score": seat.score,
            "rank": seat.rank,
            "forfeits": seat.forfeits,
        }
        for seat in seats.order_by("match_id", "position")
    ]


def _ratings(competition: Competition, after: str, most: int, for_host: bool) -> list[Row]:
    rows = Standing.objects.filter(phase__competition=competition, pk__gt=_number(after))
    names = ("rank", "rank_low", "rank_high", "rating", "low", "high", "matches", "episodes")
    more = ("wins", "draws", "losses", "forfeits", "opponents", "provisional")
    return [
        {
            "standing": row.pk,
            "phase": row.phase.slug,
            "submission": row.submission_id,
            "agent": str(row.submission),
            "team": row.submission.entry.team.name,
            **{name: getattr(row, name) for name in names + more},
        }
        for row in rows.select_related("phase", "submission__entry__team").order_by("pk")[:most]
    ]


def _history(competition: Competition, after: str, most: int, for_host: bool) -> list[Row]:
    rows = RatingChange.objects.filter(phase__competition=competition, pk__gt=_number(after))
    return [
        {
            "change": row.pk,
            "phase": row.phase.slug,
            "submission": row.submission_id,
            "matches": row.matches,
            "rating": row.rating,
            "low": row.low,
            "high": row.high,
            "rank": row.rank,
            "at": _time(row.at),
        }
        for row in rows.select_related("phase").order_by("pk")[:most]
    ]


def _table(name: str, read: Callable[[Competition, str, int, bool], list[Row]], columns: str) -> Table:
    """Return a table; a column is text where nothing else is said behind a colon."""
    kinds: dict[str, Kind] = {"": "text", "integer": "integer", "real": "real", "boolean": "boolean"}
    told = (column.partition(":") for column in columns.split())
    return Table(name, {column: kinds[kind] for column, _, kind in told}, read)


TABLES: Final = {
    table.name: table
    for table in (
        _table(
            "entries",
            _entries,
            "entry:integer team is_house:boolean joined_at disqualified_at disqualified_reason",
        ),
        _table(
            "submissions",
            _submissions,
            "submission entry:integer team name number:integer state code role baseline is_active:boolean "
            "uploaded_at validated_at",
        ),
        _table(
            "matches",
            _matches,
            "match phase kind state is_counted:boolean reason queued_at finished_at seconds:real "
            "isolation:integer digest error",
        ),
        _table(
            "seats",
            _seats,
            "seat match position:integer submission agent team outcome score:real rank:integer "
            "forfeits:integer",
        ),
        _table(
            "ratings",
            _ratings,
            "standing:integer phase submission agent team rank:integer rank_low:integer rank_high:integer "
            "rating:real low:real high:real matches:integer episodes:integer wins:integer draws:integer "
            "losses:integer forfeits:integer opponents:integer provisional:boolean",
        ),
        _table(
            "history",
            _history,
            "change:integer phase submission matches:integer rating:real low:real high:real rank:integer at",
        ),
    )
}
