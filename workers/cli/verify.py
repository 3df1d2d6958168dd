"""`coliseum verify`: play a recorded match again and compare result and digest."""

import os
from contextlib import closing
from pathlib import Path

import click
import msgspec

from arenas.adapters import open_arena
from arenas.errors import ArenaError
from workers.cli.output import say, show_json, show_line
from workers.local import find_arena
from workers.refusals import RefusedError
from workers.replaying import EpisodeVerdict, ReplayFile, verify_replay
from workers.staging import read_upload

DIFFERENT = 1


@click.command()
@click.argument("match")
@click.option("--server", help="Address of the site, if it is not the one you are signed in to.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def verify(context: click.Context, match: str, server: str | None, as_json: bool) -> None:
    """Play MATCH (an id on the server, or a replay file) again from its actions.

    Exit status 0 when every episode gives the same rewards and the same digest, 1 when one does not.
    """
    replay = load_replay(match, server)
    arena = find_arena(replay.arena)
    try:
        with closing(open_arena(arena)) as adapter:
            verdicts = verify_replay(arena, adapter, replay)
    except ArenaError as error:
        raise RefusedError("cli.cannot_play", problem=str(error)) from error
    is_same = all(verdict.ok for verdict in verdicts)
    if as_json:
        show_json(
            {"ok": is_same, "match": replay.match, "arena": arena.id, "episodes": [_row(v) for v in verdicts]}
        )
    else:
        for index, verdict in enumerate(verdicts):
            show_line(f"{'same' if verdict.ok else 'DIFFERENT'}  episode {index}: {verdict.detail}")
        say("The recorded result is what these actions give." if is_same else _advice(replay))
    context.exit(0 if is_same else DIFFERENT)


def load_replay(match: str, server: str | None) -> ReplayFile:
    """Return a replay from a file, or of a match on the server.

    Raises:
        RefusedError: `cli.bad_config` for what is no replay; what the server refuses.
    """
    path = Path(match)
    if "://" not in match and (path.suffix or "/" in match or os.path.exists(path)):
        content, _ = read_upload(path)
    else:
        # Reading a file needs no client.
        from workers.cli.asking import name_of, site_of

        content = msgspec.json.encode(site_of(server).get_replay(name_of(match)))
    try:
        return msgspec.json.decode(content, type=ReplayFile)
    except (msgspec.DecodeError, RecursionError) as error:
        raise RefusedError(
            "cli.bad_config", path=match, problem=f"this is no replay file ({error})"
        ) from error


def _row(verdict: EpisodeVerdict) -> dict[str, object]:
    return {
        "ok": verdict.ok,
        "seed": verdict.seed,
        "digest": verdict.digest,
        "expected": verdict.expected,
        "detail": verdict.detail,
    }


def _advice(replay: ReplayFile) -> str:
    made_with = ", ".join(f"{name} {version}" for name, version in sorted(replay.versions.items()))
    return (
        f"It was recorded with {made_with}; worlds of physics repeat only on the same versions and machine."
    )
