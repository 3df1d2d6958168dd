"""`coliseum host`: a competition from one file: make it, test it here, open it on a site."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from workers.certifying.rule import refuse_uncertified
from workers.cli.output import say, show_json
from workers.errors import MatchError
from workers.hosting.file import CompetitionFile
from workers.hosting.problems import BadFileError
from workers.hosting.reading import MOST_BYTES, read_toml
from workers.hosting.schema import make_schema
from workers.hosting.template import make_template
from workers.local import find_arena
from workers.refusals import RefusedError

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_FILE = "competition.toml"
_Row = dict[str, Any]  # Any: JSON


@click.group()
def host() -> None:
    """Run a competition from one file, competition.toml."""


@host.command()
@click.argument("file", default=_FILE, type=click.Path(path_type=Path))
@click.option("--arena", default="connect_four-v3", show_default=True, help="Id of the arena.")
@_json
def new(file: Path, arena: str, as_json: bool) -> None:
    """Write FILE, a competition with a comment on every key, to start from."""
    text = make_template(find_arena(arena), now=datetime.now(UTC), name=file.name)
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise RefusedError("cli.usage", problem=f"{file} is there already; choose a new name.") from error
    except OSError as error:
        raise RefusedError("cli.usage", problem=f"{file} cannot be written: {error.strerror}.") from error
    if as_json:
        show_json({"file": str(file), "arena": arena})
    else:
        say(f"{file} holds a competition in {arena}. Change what you like, then:")
        click.echo(f"  coliseum host check {file}")


@host.command()
def schema() -> None:
    """Print the JSON Schema of the file, for editors."""
    show_json(make_schema())


@host.command()
@click.argument("file", default=_FILE, type=click.Path(path_type=Path))
@click.option(
    "--teams", default=20, show_default=True, type=click.IntRange(2, 10_000), help="Teams you expect."
)
@click.option(
    "--matches",
    default=24,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="Of the baselines, to try it.",
)
@click.option(
    "--seconds",
    default=60.0,
    show_default=True,
    type=click.FloatRange(0, 86_400),
    help="To play for at most.",
)
@click.option("--no-play", is_flag=True, help="Look at the file only.")
@_json
@click.pass_context
def check(
    context: click.Context, file: Path, teams: int, matches: int, seconds: float, no_play: bool, as_json: bool
) -> None:
    """Find everything that is wrong with FILE, then play the arena's baselines to see what it will be like.

    The matches are real ones in the sandbox of this machine. All numbers are of this machine.
    """
    try:
        found = read_file(file)
    except BadFileError as error:
        show_problems(error, file, as_json=as_json)
        context.exit(error.exit_code)
    refuse_uncertified(find_arena(found.competition.arena), field="competition.arena")
    if not as_json:
        say(f"{file} is right: {found.competition.title}, in {found.competition.arena}.")
    if no_play:
        if as_json:
            show_json({"ok": True, "slug": found.competition.slug, "problems": []})
        return
    try:
        report = _try_out(found, teams=teams, matches=matches, seconds=seconds, is_quiet=as_json)
    except MatchError as error:
        raise RefusedError("cli.cannot_play", problem=str(error)) from error
    if as_json:
        show_json({"ok": True, "slug": found.competition.slug, "problems": [], **report})


def _try_out(found: CompetitionFile, *, teams: int, matches: int, seconds: float, is_quiet: bool) -> _Row:
    """Play the trial, show it, and return it as one object."""
    # The sandbox and the estimator need libraries that a look at the file does not wait for.
    from workers.cli.host_report import make_report, show_report
    from workers.hosting.dry_run import play_trial

    def tell(played: int, wanted: int) -> None:
        if not is_quiet and (played == wanted or played % 10 == 0):
            say(f"{played} of {wanted} matches played")

    run = play_trial(found, matches=matches, seconds=seconds, on_match=tell)
    report = make_report(found, run, teams=teams)
    if not is_quiet:
        show_report(report)
    return asdict(report)


@host.command(name="open")
@click.argument("file", default=_FILE, type=click.Path(path_type=Path))
@click.option("--server", help="Address of the site, if it is not the one you are signed in to.")
@click.option("--draft", is_flag=True, help="Leave it a draft that only you see.")
@_json
@click.pass_context
def open_(context: click.Context, file: Path, server: str | None, draft: bool, as_json: bool) -> None:
    """Open the competition of FILE on a site, or change the one that is there to what FILE says."""
    try:
        found = read_file(file)
    except BadFileError as error:
        show_problems(error, file, as_json=as_json)
        context.exit(error.exit_code)
    # The file is looked at without a client.
    from workers.cli.asking import site_of

    site, slug = site_of(server), found.competition.slug
    made = site.put_competition_file(slug, file.read_bytes())
    state = made.state
    if state == "draft" and not draft:
        state = site.move_competition(slug, state="open").state
    if as_json:
        show_json(made.to_dict() | {"state": state})
        return
    if made.created:
        say(f"{made.title} is {state}: {made.url}")
    else:
        what = f"changed: {', '.join(made.changed)}" if made.changed else "nothing to change"
        say(f"{made.title} is {state}, {what}. {made.url}")


def read_file(file: Path) -> CompetitionFile:
    """Return the competition of a file.

    Raises:
        BadFileError: with every problem.
        RefusedError: `cli.no_such_file`.
    """
    try:
        if file.exists() and not file.is_file():
            raise RefusedError("cli.no_such_file", unreadable=str(file), problem="it is no regular file")
        with file.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise RefusedError("cli.no_such_file", path=str(file)) from error
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise RefusedError("cli.no_such_file", unreadable=str(file), problem=problem) from error
    return read_toml(content, now=datetime.now(UTC), file=str(file))


def show_problems(error: BadFileError, file: Path, *, as_json: bool) -> None:
    """Print every problem as editors understand it, `file:line: [code] message`, and its hint."""
    if as_json:
        show_json(error.as_problem())
        return
    for each in error.problems:
        place = f"{file}:{each.line}" if each.line else f"{file}"
        say(f"{place}: [{each.code}] {each.message}")
        say(f"  {each.hint}")
    say(f"{len(error.problems)} to put right.")
