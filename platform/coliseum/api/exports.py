"""Bulk export: whole tables of a competition as JSONL, CSV or Parquet, streamed."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import BinaryIO, Final, Literal, cast

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from coliseum.api.board_schemas import ExportList, ExportTable
from coliseum.api.callers import ANYBODY
from coliseum.api.seen import seen_competition
from coliseum.api.writers import LINES, compressed, write_as_parquet
from coliseum.competitions.models import Competition
from coliseum.league.tables import TABLES, Row, Table
from workers.refusals import RefusedError

router = Router(tags=["export"])
PORTION: Final = 2_000
"""Rows of one look at the database."""
_PIECE: Final = 256 * 1024
_KINDS: Final = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
_ANSWER: Final = {
    "responses": {
        200: {
            "description": "The rows, in the order of their first column.",
            "content": {
                kind.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
                for kind in _KINDS.values()
            },
        }
    }
}


class Form(Schema):
    """In which form."""

    format: Literal["jsonl", "csv", "parquet"] = Field(
        "jsonl", description="One JSON object a line, CSV with a header, or Parquet.", examples=["csv"]
    )


@router.get("/{slug}/export", response=ExportList, auth=ANYBODY, operation_id="list_exports")
def tables(request: HttpRequest, slug: str) -> ExportList:
    """List the tables that can be had whole, with their columns."""
    seen_competition(request, slug)
    return ExportList(
        items=[ExportTable(name=each.name, columns=dict(each.columns)) for each in TABLES.values()]
    )


@router.get(
    "/{slug}/export/{table}",
    response=None,
    auth=ANYBODY,
    operation_id="export_table",
    openapi_extra=_ANSWER,
)
def export(request: HttpRequest, slug: str, table: str, form: Query[Form]) -> HttpResponseBase:
    """Return a whole table of a competition: what everybody may see, whatever its size.

    Send `Accept-Encoding: gzip`, and JSONL and CSV come compressed. Rows that are added meanwhile may be
    missing. An answer that was cut off has no end: a Parquet file then cannot be read.
    """
    competition = seen_competition(request, slug)
    wanted = TABLES.get(table)
    if wanted is None:
        raise RefusedError("not_found", kind="table", id=table)
    packs = form.format != "parquet" and "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {
        "Content-Disposition": f'attachment; filename="{competition.slug}-{table}.{form.format}"',
        "Vary": "Accept-Encoding, Authorization, Cookie",
        "Accept-Ranges": "none",
        "X-Accel-Buffering": "no",
    } | ({"Content-Encoding": "gzip"} if packs else {})
    kind = _KINDS[form.format]
    if request.META["REQUEST_METHOD"] == "HEAD":
        return HttpResponse(content_type=kind, headers=headers)
    portions = portions_of(wanted, competition)
    if form.format == "parquet":
        pieces = _parquet(wanted, portions)
    else:
        pieces = LINES[form.format](wanted.columns, portions)
    return StreamingHttpResponse(
        in_background(compressed(pieces) if packs else pieces), content_type=kind, headers=headers
    )


def portions_of(table: Table, competition: Competition) -> Iterator[list[Row]]:
    """Yield all rows that everybody may see."""
    after, key = "", next(iter(table.columns))
    while rows := table.read(competition, after, PORTION, False):
        yield rows
        after = str(rows[-1][key])


def _parquet(table: Table, portions: Iterator[list[Row]]) -> Iterator[bytes]:
    """Yield a Parquet file that is written to disk first: its end must be known before it is right."""
    with tempfile.TemporaryFile() as file:
        write_as_parquet(table.columns, portions, file)
        file.seek(0)
        while piece := cast(BinaryIO, file).read(_PIECE):
            yield piece


async def in_background(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield pieces that are made in the request's own thread, so that other requests are not held up."""
    following = sync_to_async(lambda: next(pieces, None), thread_sensitive=True)
    while (piece := await following()) is not None:
        if piece:
            yield piece
