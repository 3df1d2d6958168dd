"""What commands print: data on standard output, talk on standard error, JSON that stays valid."""

import json
from collections.abc import Mapping, Sequence

import click

from workers.refusals import RefusedError, printable

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


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.2f}" if isinstance(value, float) else printable(str(value))
