"""`coliseum pull`: a competition as files: what it is, its tables, its ledger, its latest replays."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click
import msgspec

from workers.cli.asking import json_option, meant, name_of, server_option, site_of
from workers.cli.output import say, show_json
from workers.client import Client
from workers.refusals import RefusedError

_WITHHELD = frozenset({403, 404, 409})


@click.command()
@click.argument("competition")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    default="csv",
    show_default=True,
    type=click.Choice(["csv", "jsonl", "parquet"]),
    help="Of the tables.",
)
@click.option("--table", "tables", multiple=True, help="Only this table, several times; all if left out.")
@click.option(
    "--replays",
    default=0,
    show_default=True,
    type=click.IntRange(0, 10_000),
    help="Of how many last matches.",
)
@server_option
@json_option
def pull(
    competition: str,
    folder: Path | None,
    form: Literal["csv", "jsonl", "parquet"],
    tables: tuple[str, ...],
    replays: int,
    server: str | None,
    as_json: bool,
) -> None:
    """Fetch COMPETITION into FOLDER (its short name, if left out): arena and limits, tables, ledger, replays.

    Again into the same folder it fetches anew what may have changed; replays that are there stay.
    """
    site, slug = site_of(server), name_of(competition)
    try:
        found = site.get_competition(slug)
    except RefusedError as error:
        raise meant(site, slug, error) from error
    target = folder or Path(slug)
    chosen = list(_tables(site, slug, tables, form))
    _make(target)
    files: dict[str, int] = {}

    def fetched(name: str, size: int) -> None:
        files[name] = size
        if not as_json:
            say(f"{target / name}: {size:,} bytes")

    about = json.dumps(found.to_dict(), indent=2).encode()
    fetched("competition.json", _write(target / "competition.json", about))
    for name, path in chosen:
        fetched(path, site.export_table(slug, name, target / path, format=form))
    if not tables:
        fetched("ledger.jsonl", site.get_ledger(slug, target / "ledger.jsonl"))
    for name, size in _replays(site, slug, target, replays):
        fetched(name, size)
    if as_json:
        show_json({"folder": str(target), "arena": found.arena, "files": files})
    else:
        say(f"{found.title} is played in {found.arena}. To start: coliseum new agent --arena {found.arena}")


def _tables(site: Client, slug: str, wanted: tuple[str, ...], form: str) -> Iterator[tuple[str, str]]:
    """Yield the tables to fetch, and the files they go into.

    Raises:
        RefusedError: `cli.unknown_name`.
    """
    known = [each.name for each in site.list_exports(slug).items]
    for name in wanted:
        if name not in known:
            raise RefusedError("cli.unknown_name", kind="table", name=name, meant=" or ".join(known))
    for name in wanted or known:
        yield name, f"{name}.{form}"


def _replays(site: Client, slug: str, target: Path, most: int) -> Iterator[tuple[str, int]]:
    """Fetch the replays of the last matches that may be seen; yield the files."""
    if not most:
        return
    _make(target / "replays")
    for match in site.list_matches(slug, most=most, state="finished"):
        name = f"replays/{match.id}.json"
        path = target / name
        if path.exists():
            continue
        try:
            content = msgspec.json.encode(site.get_replay(match.id))
        except RefusedError as error:
            # Withheld until the competition closes, or gone.
            if error.status not in _WITHHELD:
                raise
            continue
        yield name, _write(path, content)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def _write(path: Path, content: bytes) -> int:
    try:
        return path.write_bytes(content)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> RefusedError:
    return RefusedError("cli.usage", problem=f"{path} cannot be written: {error.strerror}.")
