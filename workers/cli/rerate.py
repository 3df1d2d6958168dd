"""`coliseum rerate`: fit a leaderboard again from its ledger, offline."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import click

from workers.cli.output import say, show_json, show_table
from workers.league.ledger import MOST_LINE_BYTES, LedgerError, unseal
from workers.league.rerating import Rerated, Season, add_up
from workers.league.rerating import rerate as fit_ledger
from workers.refusals import RefusedError

_COLUMNS = (
    "rank",
    "rank_low",
    "rank_high",
    "agent",
    "rating",
    "low",
    "high",
    "p_best",
    "episodes",
    "provisional",
)


@click.command()
@click.argument("file")
@click.option("--root", default="", help="Stop at the line with this hash: an older official table.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rerate(file: str, root: str, as_json: bool) -> None:
    """Prove every line of the ledger FILE and fit the ratings again, without the server.

    Exit status 1 when the ledger was changed: the first bad line is named.
    """
    try:
        season = _read(Path(file), root.lower())
        table = fit_ledger(season)
    except LedgerError as error:
        raise RefusedError(
            f"ledger.{error.fault}", path=file, line=error.line, problem=error.problem
        ) from error
    if as_json:
        show_json(_as_object(table))
        return
    show_table([asdict(row) for row in table.rows], _COLUMNS)
    say(f"{table.league} ({table.arena}), {table.matches} matches, {table.lines} lines, all of them true.")
    say(f"root   {table.root}")
    say(f"digest {table.digest}")


def _read(path: Path, root: str) -> Season:
    try:
        if path.exists() and not path.is_file():
            raise RefusedError("cli.no_such_file", unreadable=str(path), problem="it is no regular file")
        with path.open("rb") as file:
            season = add_up(unseal(_lines(file)), until=root)
    except FileNotFoundError as error:
        raise RefusedError("cli.no_such_file", path=str(path)) from error
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise RefusedError("cli.no_such_file", unreadable=str(path), problem=problem) from error
    if root and season.root != root:
        raise RefusedError("ledger.unknown_root", path=str(path), root=root)
    return season


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield lines; of one that is too long no more is read than it takes to see that."""
    while line := file.readline(MOST_LINE_BYTES + 1):
        yield line


def _as_object(table: Rerated) -> dict[str, object]:
    content = asdict(table)
    return {
        "ok": True,
        **{name: content[name] for name in content if name != "rows"},
        "ratings": content["rows"],
    }
