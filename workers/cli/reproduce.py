"""`coliseum reproduce`: a match of the server again, with one's own agent in its seats."""

from contextlib import ExitStack, closing
from pathlib import Path

import click

from arenas.errors import ArenaError
from arenas.spec import ArenaSpec
from workers.cli.asking import json_option, name_of, server_option, site_of
from workers.cli.check import limited
from workers.cli.output import say, show_json, show_line
from workers.cli.verify import load_replay
from workers.client.answers.match_answers import MatchDetail
from workers.errors import MatchError
from workers.local import LocalArena, find_agent, find_arena
from workers.refusals import Exit, RefusedError
from workers.repeating import RepeatTable, Turn
from workers.replaying import ReplayFile
from workers.validation import Candidate

DIFFERENT = 1
_SHOWN = 20


@click.command()
@click.argument("match")
@click.argument("path")
@click.option("--place", type=click.IntRange(1), help="Which of the match's agents is yours, from 1.")
@click.option(
    "--agent-seed", default=0, type=click.IntRange(0, 2**31 - 1), help="What its own generators are set from."
)
@click.option("--unsandboxed-i-wrote-this-agent", "unsandboxed", is_flag=True, help="No sandbox at all.")
@server_option
@json_option
def reproduce(
    match: str,
    path: str,
    place: int | None,
    agent_seed: int,
    unsandboxed: bool,
    server: str | None,
    as_json: bool,
) -> None:
    """Let the agent at PATH see again what it saw in MATCH (an id on the server, or a replay file).

    The other agents do what they did. Exit status 0 if it answers as it did, 1 if it answers otherwise, 6 if
    it fails.
    """
    replay = load_replay(match, server)
    spec, position = _from_server(replay, match, server, place)
    agent = find_agent(spec, path)
    turns: list[Turn] = []
    try:
        with ExitStack() as opened:
            local = opened.enter_context(LocalArena.open(spec, unsandboxed=unsandboxed))
            table = RepeatTable(
                spec,
                local.environments[0],
                local.launcher,
                replay=replay,
                position=position,
                on_turn=turns.append,
            )
            opened.enter_context(closing(table))
            fault = table.play(Candidate(agent.package, agent.file_name, 0, agent_seed))
    except (ArenaError, MatchError) as error:
        raise RefusedError("cli.cannot_play", problem=str(error)) from error
    others = [turn for turn in turns if not turn.is_same]
    if as_json:
        failed = fault and {"code": str(fault.outcome), "message": fault.message, "evidence": fault.evidence}
        show_json({"turns": len(turns), "differences": [_row(turn) for turn in others], "fault": failed})
    else:
        for turn in others[:_SHOWN]:
            show_line(f"episode {turn.episode + 1}, turn {turn.turn}: did {turn.recorded}, now {turn.now}")
        if len(others) > _SHOWN:
            say(f"{len(others) - _SHOWN} more.")
        if fault:
            say(f"error [{fault.outcome}] {fault.message}")
            for line in fault.evidence.splitlines():
                show_line(f"  | {line}")
        say(f"It was asked in {len(turns)} turns and answered otherwise in {len(others)}.")
    status = Exit.FAILED_VALIDATION if fault else DIFFERENT if others else Exit.DONE
    click.get_current_context().exit(status)


def _from_server(
    replay: ReplayFile, match: str, server: str | None, place: int | None
) -> tuple[ArenaSpec, int]:
    """Return the arena with the limits of the match's competition, and the place of one's agent.

    Raises:
        RefusedError: `cli.usage` where nobody says which agent it is.
    """
    spec = find_arena(replay.arena)
    places = 1 + max((max(episode.seating, default=0) for episode in replay.episodes), default=0)
    own = [0] if places == 1 else []
    if not Path(match).exists():
        site = site_of(server)
        found = site.get_match(name_of(match))
        own = own or _own(found)
        spec = limited(spec, site.get_competition(found.competition).limits)
    position = place - 1 if place else own[0] if own else -1
    if not 0 <= position < places:
        problem = f"Which of the {places} agents is yours? Say --place, from 1 to {places}."
        raise RefusedError("cli.usage", problem=problem)
    return spec, position


def _own(found: MatchDetail) -> list[int]:
    """Return the places of one's own agents: those whose times and logs are shown."""
    return [at for at, seat in enumerate(found.seats) if seat.usage is not None]


def _row(turn: Turn) -> dict[str, object]:
    facts = {"episode": turn.episode, "turn": turn.turn, "seat": turn.seat}
    return {**facts, "recorded": str(turn.recorded), "now": str(turn.now)}
