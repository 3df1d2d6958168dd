"""One archive of a competition for its host: what was agreed, who took part, every result, ledger and replay.

How it works. The zip is written piece by piece as it is sent: each piece is one bounded look at the database,
so that a large competition needs neither memory nor a file on the server, and holds up no other request.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.conf import settings

from coliseum import clock
from coliseum.competitions.models import Competition, Phase, PhaseState
from coliseum.leaderboards.queries import official_table, read_ledger, standings_of
from coliseum.league.opening import text_of
from coliseum.league.tables import TABLES, Table
from coliseum.matches.models import MatchState
from coliseum.matches.queries import is_sealed
from coliseum.matches.replays import replay_file

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_TEX: Final = {each: f"\\{each}" for each in "&%$#_{}"} | {
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}
_BOARD: Final = (
    "rank",
    "rank_low",
    "rank_high",
    "rating",
    "low",
    "high",
    "matches",
    "episodes",
    "provisional",
)
_REPLAYS: Final = 50
"""Matches whose replays are read at a time."""


def archive(competition: Competition, *, with_replays: bool = True) -> Iterator[bytes]:
    """Yield the zip in pieces.

    Seeds that are still being played are in none of its files: not even a host may know them.
    """
    sink = _Sink()
    folder = f"{competition.slug}-{clock.now():%Y%m%d}"
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in _members(competition, with_replays=with_replays):
            member = zipfile.ZipInfo(f"{folder}/{name}", date_time=clock.now().timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(member, "w", force_zip64=True) as out:
                for piece in content:
                    out.write(piece)
                    yield sink.take()
            yield sink.take()
    yield sink.take()


class _Sink(io.RawIOBase):
    """Keeps what was written until it is taken; cannot be sought, so that the zip is written in one go."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:  # Any: whatever has the bytes
        self._pieces.append(bytes(content))
        return len(content)

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _members(competition: Competition, *, with_replays: bool) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the files of the archive: name, content in pieces."""
    yield "README.md", [_readme(competition).encode()]
    yield "CITATION.bib", [citation(competition).encode()]
    yield "competition.toml", [text_of(competition).encode()]
    yield "log.jsonl", _json_lines(_acts(competition))
    yield "announcements.jsonl", _json_lines(_announcements(competition))
    for table in TABLES.values():
        yield f"{table.name}.jsonl", (json_lines(rows) for rows in table.rows(competition, for_host=True))
        yield f"{table.name}.csv", _csv(table, competition)
    for phase in competition.phases.exclude(state=PhaseState.DRAFT).order_by("pk"):
        yield f"boards/{phase.slug}.csv", [_board(phase)]
        yield f"ledgers/{phase.slug}.jsonl", read_ledger(phase)
    if with_replays:
        yield from _replays(competition)


def json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return rows as JSON Lines."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def _json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    yield json_lines(rows)


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, head: bool = False) -> bytes:
    """Return rows as CSV with quoted texts; none of its cells is a formula to a spreadsheet."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    if head:
        writer.writeheader()
    writer.writerows({name: _cell(row[name]) for name in columns} for row in rows)
    return out.getvalue().encode()


def _cell(value: Any) -> Any:  # Any: a JSON value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def _csv(table: Table, competition: Competition) -> Iterator[bytes]:
    columns = list(table.columns)
    yield csv_lines(columns, (), head=True)
    for rows in table.rows(competition, for_host=True):
        yield csv_lines(columns, rows)


def _board(phase: Phase) -> bytes:
    rows = [
        {"agent": str(row.submission), "team": row.submission.entry.team.name}
        | {name: getattr(row, name) for name in _BOARD}
        for row in standings_of(phase)
    ]
    return csv_lines(("agent", "team", *_BOARD), rows, head=True)


def _acts(competition: Competition) -> Iterator[Mapping[str, Any]]:
    for act in competition.acts.select_related("actor").order_by("at", "pk").iterator(chunk_size=500):
        yield {
            "at": _time(act.at),
            "who": act.actor.username if act.actor else None,
            "did": act.verb,
            "what": act.subject,
            "reason": act.reason,
        }


def _announcements(competition: Competition) -> Iterator[Mapping[str, Any]]:
    for each in competition.announcements.filter(is_public=True).order_by("pk").iterator(chunk_size=500):
        yield {
            "at": _time(each.at),
            "title": each.title,
            "text": each.text,
            "edited_at": _time(each.changed_at),
            "withdrawn_at": _time(each.withdrawn_at),
            "withdrawn_reason": each.withdrawn_reason,
        }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _replays(competition: Competition) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield the replay of each finished match, as `coliseum verify` reads it."""
    after = ""
    while True:
        found = competition.matches.filter(pk__gt=after, state=MatchState.FINISHED).order_by("pk")
        matches = list(found.select_related("competition", "phase", "played_with")[:_REPLAYS])
        if not matches:
            return
        after = matches[-1].pk
        for match in matches:
            if not is_sealed(match):
                yield f"replays/{match.pk}.json", [json.dumps(replay_file(match)).encode()]


def citation(competition: Competition) -> str:
    """Return how a paper cites the competition, as BibTeX."""
    hosts = " and ".join(host.get_full_name() or host.username for host in competition.hosts.order_by("pk"))
    roots = [
        f"{phase.title}: ledger {page.digest[:16]}"
        for phase in competition.phases.order_by("pk")
        if (page := official_table(phase))
    ]
    note = "; ".join([f"Arena {competition.arena}", *roots])
    address = f"{settings.SITE_URL}/competitions/{competition.slug}/"
    lines = [
        f"@misc{{{competition.slug}-{competition.opens_at:%Y},",
        f"  title = {{{{{_tex(competition.title)}}}}},",
        f"  author = {{{_tex(hosts or 'Coliseum')}}},",
        f"  year = {{{competition.opens_at:%Y}}},",
        f"  howpublished = {{\\url{{{address}}}}},",
        f"  note = {{{_tex(note)}}},",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def _readme(competition: Competition) -> str:
    columns = "\n".join(f"* `{table.name}`: {', '.join(table.columns)}" for table in TABLES.values())
    return f"""# {competition.title}

Exported from {settings.SITE_URL} on {clock.now():%Y-%m-%d %H:%M} UTC. Arena: {competition.arena}.

* `competition.toml`: the competition as its host's file; `coliseum host check` reads it.
* `log.jsonl`, `announcements.jsonl`: what hosts did, and told everybody.
* Tables, each as JSON Lines and as CSV (in CSV a text that a spreadsheet would take for a formula begins with
  an apostrophe). Times are UTC.
* `boards/`: the leaderboard of each phase.
* `ledgers/`: the results that count, line sealed over line; `coliseum rerate` fits the board again from one.
* `replays/`: seeds, seatings and actions of each match; `coliseum verify` plays one again and compares.
  Matches whose seeds others still play are not in it until the seeds are revealed.
* `CITATION.bib`: how to cite it.

Nobody's code, log or address is in this archive.

## Columns

{columns}
"""
