"""`coliseum matches`, `logs`, `replay`: what was played, what an agent wrote, and how to watch it."""

from pathlib import Path
from typing import Any

import click
import msgspec

from workers.cli.asking import json_option, meant, most_option, name_of, server_option, site_of
from workers.cli.boards import csv_option, show_list, when
from workers.cli.output import say, show_csv, show_json, show_line, show_table
from workers.client import Client
from workers.client.answers.base import rows_of
from workers.client.answers.match_answers import MatchDetail, MatchRow
from workers.refusals import RefusedError
from workers.spec import MatchKind, Outcome

Row = dict[str, Any]  # Any: cells
_ENDINGS = (".json", ".ctr", ".html")


@click.command()
@click.argument("competition")
@click.option("--agent", default="", help="Of this agent: a submission's id.")
@click.option("--opponent", default="", help="Against this one; together with --agent.")
@click.option(
    "--outcome", default="", type=click.Choice(["", *map(str, Outcome)]), help="What became of the agent."
)
@click.option("--result", default="", type=click.Choice(["", "won", "lost", "drawn"]), help="For --agent.")
@click.option("--kind", default="", help=f"What for: {', '.join(MatchKind)}.")
@click.option("--state", default="", help="queued, running, finished or failed.")
@click.option("--phase", default="", help="Season or final, as final-1.")
@click.option("--seed", type=int, help="With this environment seed.")
@most_option
@csv_option
@server_option
@json_option
def matches(
    competition: str, most: int, as_csv: bool, server: str | None, as_json: bool, **wanted: Any
) -> None:
    """List the matches of COMPETITION, newest first; all filters must fit."""
    site, slug = site_of(server), name_of(competition)
    for name in ("agent", "opponent"):
        wanted[name] = name_of(wanted[name])
    try:
        found = list(site.list_matches(slug, most=most, **wanted))
    except RefusedError as error:
        raise meant(site, slug, error) from error
    if as_csv:
        show_csv(rows_of(found))
        return
    show_list(
        [each.to_dict() for each in found], [_row(each) for each in found], "No match.", as_json=as_json
    )


def _row(row: MatchRow) -> Row:
    def told(agent: str, rank: int | None, outcome: str) -> str:
        place = f"{rank}. " if rank else ""
        return f"{place}{agent}" + (f" ({outcome})" if outcome not in {"", "ok"} else "")

    seats = sorted(row.seats, key=lambda seat: (seat.rank or 1 << 30, seat.position))
    agents = ", ".join(told(seat.agent, seat.rank, seat.outcome) for seat in seats)
    facts = {"match": row.id, "kind": row.kind, "state": row.state, "finished": when(row.finished_at)}
    return {**facts, "agents": agents}


@click.command()
@click.argument("what")
@server_option
@json_option
def logs(what: str, server: str | None, as_json: bool) -> None:
    """Show what your agents printed in WHAT (a match, or a submission's validation), and what went wrong."""
    site, name = site_of(server), name_of(what)
    pages = _logs(site, name)
    if as_json:
        show_json({"items": pages})
        return
    for page in pages:
        say(f"{page['agent']}: {page['outcome']}")
        for line in (*str(page["log"]).splitlines(), *(f"  | {each}" for each in page["faults"])):
            show_line(line)
    if not any(page["log"] or page["faults"] for page in pages):
        say("Nothing was printed, and nothing went wrong.")


def _logs(site: Client, name: str) -> list[Row]:
    """Return the logs of one's own agents, one for each.

    Raises:
        RefusedError: `cli.unknown_name`; `auth.not_allowed` where none of them is one's own.
    """
    try:
        found = site.get_match(name)
    except RefusedError as error:
        if error.code != "not_found":
            raise
        return [_of_submission(site, name)]
    own = [_of_seat(found, at) for at, seat in enumerate(found.seats) if seat.usage is not None]
    if not own:
        raise RefusedError("auth.not_allowed", action="read logs of other people's agents")
    return own


def _of_submission(site: Client, name: str) -> Row:
    try:
        found = site.get_submission(name)
    except RefusedError as error:
        if error.code != "not_found":
            raise
        raise RefusedError("cli.unknown_name", kind="match or submission", name=name) from error
    if found.checks is None:
        raise RefusedError("auth.not_allowed", action="read logs of other people's agents")
    faults = [
        line
        for step in found.checks
        if not step.ok
        for line in (f"{step.name}: [{step.code}] {step.message}", *step.evidence.splitlines())
    ]
    log = (found.usage or {}).get("log", "")
    return {"agent": f"{found.name} v{found.number}", "outcome": found.code, "log": log, "faults": faults}


def _of_seat(found: MatchDetail, at: int) -> Row:
    seat = found.seats[at]
    faults = [
        line
        for episode in found.episodes
        for each in episode.seats
        if each.agent == at and each.message
        for line in (
            f"episode {episode.index + 1}, turn {each.failed_turn}: [{each.outcome}] {each.message}",
            *(each.evidence or "").splitlines(),
        )
    ]
    log = (seat.usage or {}).get("log", "")
    return {"agent": f"{seat.agent} v{seat.version}", "outcome": seat.outcome, "log": log, "faults": faults}


@click.command()
@click.argument("match")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="x.json (for verify), x.ctr or x.html (to watch)."
)
@click.option(
    "--episode", default=1, show_default=True, type=click.IntRange(1), help="Which, for .ctr and .html."
)
@click.option("--open", "opens", is_flag=True, help="Open the match's page in a browser.")
@server_option
@json_option
def replay(
    match: str, output: Path | None, episode: int, opens: bool, server: str | None, as_json: bool
) -> None:
    """Show how MATCH went, or write its replay into a file."""
    if output and output.suffix.lower() not in _ENDINGS:
        raise RefusedError("cli.usage", problem=f"{output} must end in {', '.join(_ENDINGS)}.")
    site, name = site_of(server), name_of(match)
    found = site.get_match(name)
    length = _write(site, found, output, episode) if output else 0
    if as_json:
        show_json({"file": str(output), "bytes": length} if output else found.to_dict())
    elif output:
        say(f"{output}: {length:,} bytes.")
    else:
        _show(found)
    if opens:
        click.launch(found.url)


def _write(site: Client, found: MatchDetail, output: Path, episode: int) -> int:
    """Write a replay; return its bytes."""
    ending = output.suffix.lower()
    if ending == ".json":
        content = msgspec.json.encode(site.get_replay(found.id))
        try:
            return output.write_bytes(content)
        except OSError as error:
            problem = f"{output} cannot be written: {error.strerror}."
            raise RefusedError("cli.usage", problem=problem) from error
    if found.episodes and episode > len(found.episodes):
        raise RefusedError("cli.usage", problem=f"The match has {len(found.episodes)} episodes.")
    if ending == ".ctr":
        return site.get_trajectory(found.id, str(episode - 1), output)
    return site.save_replay_page(found.id, episode - 1, output)


def _show(found: MatchDetail) -> None:
    rows = [
        {
            "episode": each.index + 1,
            "turns": each.turns,
            "seats": ", ".join(
                f"{found.seats[seat.agent].agent} {seat.score:g}"
                + ("" if seat.outcome == "ok" else f" ({seat.outcome})")
                for seat in each.seats
            ),
            "seed": "" if each.seed is None else str(each.seed),
        }
        for each in found.episodes
    ]
    if rows:
        show_table(rows, list(rows[0]))
    else:
        say(f"This match is {found.state}.")
    say(f"Watch it: {found.url}")
