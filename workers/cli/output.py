"""What commands print: data on standard output, talk on standard error, JSON that stays valid."""

import csv
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime

import click

from workers.refusals import RefusedError, printable

_FORMULA = ("=", "+", "-", "@")
_LINE = 1000
"""Characters kept of a line that may hold what an agent or another person wrote."""


def show_json(value: object) -> None:
    """Print a value as JSON in ASCII, so that no locale can break it."""
    click.echo(json.dumps(value, ensure_ascii=True))


def show_line(text: str) -> None:
    """Print a line of data; whatever could steer a terminal is shown as an escape."""
    click.echo(printable(text, _LINE))


def say(text: str) -> None:
    """Tell the person something that is not data."""
    click.echo(printable(text, _LINE), err=True)


def show_refusal(error: RefusedError, *, as_json: bool) -> None:
    """Print a refusal: `error [code] message` and its hint, or the JSON every door sends."""
    if as_json:
        show_json(error.as_problem())
        return
    say(f"error [{error.code}] {error.message}")
    if error.hint:
        say(f"  {error.hint}")


def show_table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    """Print rows as aligned columns; numbers to the right."""
    texts = [[_text(row.get(column, "")) for column in columns] for row in rows]
    widths = [max(len(column), *(len(row[at]) for row in texts), 0) for at, column in enumerate(columns)]
    click.echo("  ".join(column.ljust(width) for column, width in zip(columns, widths, strict=True)).rstrip())
    for row, values in zip(texts, rows, strict=True):
        cells = [
            cell.rjust(width) if isinstance(values.get(column), int | float) else cell.ljust(width)
            for cell, width, column in zip(row, widths, columns, strict=True)
        ]
        click.echo("  ".join(cells).rstrip())


def show_csv(rows: Sequence[Mapping[str, object]]) -> None:
    """Print rows as comma-separated values with a line of names; what is nested is JSON.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    if not rows:
        return
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([_cell(value) for value in row.values()] for row in rows)


def _cell(value: object) -> object:
    if isinstance(value, str):
        shown = printable(value, _LINE)
        return f"'{shown}" if shown[:1] in _FORMULA else shown
    if isinstance(value, list | tuple | dict):
        return json.dumps(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) else printable(str(value))
