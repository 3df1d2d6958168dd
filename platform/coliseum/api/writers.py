"""Tables as JSONL, CSV and Parquet: rows come in portions, bytes leave in pieces."""

import csv
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, Final, Literal

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet

Rows = Sequence[Mapping[str, Any]]  # Any: text, whole number, number, yes or no, or nothing
Columns = Mapping[str, Literal["text", "integer", "real", "boolean"]]
_TYPES: Final = {
    "text": DataType.utf8(),
    "integer": DataType.int64(),
    "real": DataType.float64(),
    "boolean": DataType.bool(),
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_GROUP: Final = 50_000
"""Rows of a row group: what a reader takes at a time."""


def as_jsonl(columns: Columns, portions: Iterable[Rows]) -> Iterator[bytes]:
    """Yield rows as JSON objects, one a line, keys in the order of the columns."""
    for rows in portions:
        lines = (json.dumps({name: row[name] for name in columns}, allow_nan=False) for row in rows)
        yield "".join(f"{line}\n" for line in lines).encode()


def as_csv(columns: Columns, portions: Iterable[Rows]) -> Iterator[bytes]:
    """Yield rows as CSV with a header; what a spreadsheet would run as a formula gets a quote in front."""
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(columns)
    for rows in portions:
        writer.writerows([_inert(row[name]) for name in columns] for row in rows)
        yield page.getvalue().encode()
        page.seek(0)
        page.truncate()
    if page.tell():
        yield page.getvalue().encode()


def _inert(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_as_parquet(columns: Columns, portions: Iterable[Rows], file: IO[bytes]) -> None:
    """Write rows as Parquet, compressed with Zstandard."""
    schema = Schema([Field(name, _TYPES[kind]) for name, kind in columns.items()])
    batches = (_batch(columns, schema, rows) for rows in portions if rows)
    reader = RecordBatchReader.from_batches(schema, batches)
    write_parquet(reader, file, compression="zstd(3)", max_row_group_size=_GROUP)


def _batch(columns: Columns, schema: Schema, rows: Rows) -> RecordBatch:
    arrays = [Array([row[name] for row in rows], type=_TYPES[kind]) for name, kind in columns.items()]
    return RecordBatch.from_arrays(arrays, schema=schema)


def compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes gzip-compressed."""
    packer = zlib.compressobj(6, wbits=31)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


LINES: Final[Mapping[str, Callable[[Columns, Iterable[Rows]], Iterator[bytes]]]] = {
    "jsonl": as_jsonl,
    "csv": as_csv,
}
"""The forms that are written line by line."""
