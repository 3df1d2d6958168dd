"""What a finished match can be watched and verified from: its replay file and its drawn episodes."""

import base64
import logging
from typing import Any, Final

import msgspec

from arenas import registry
from arenas.adapters import open_arena
from arenas.errors import ArenaError
from arenas.recorders import recorder_for
from arenas.replay import decode_log, replay_episode
from arenas.spec import ArenaSpec
from arenas.thought import unpack_levels
from coliseum import storage
from coliseum.matches.models import Episode, Match, MatchState
from coliseum.matches.queries import episodes_with_actions, is_sealed
from workers.refusals import RefusedError
from workers.replaying import forfeits_of
from workers.spec import SeatResult

logger = logging.getLogger(__name__)

FORMAT: Final = 1
_BOARDS: Final = frozenset({"connect_four", "tictactoe", "chess"})
_PUBLIC: Final = (
    *("agent", "outcome", "rank", "score", "total_reward"),
    *("turns", "think_seconds", "slowest_seconds", "failed_turn"),
)


def is_drawn_from_actions(arena: ArenaSpec) -> bool:
    """Say whether an arena's episodes are drawn when somebody watches, so that no drawn form need be kept.

    True for board and card games: whole numbers only, so every machine draws the same, in a few milliseconds.
    Physics is drawn while it is played; another type of processor may come to another picture.
    """
    return arena.kind == "open_spiel" or arena.name in _BOARDS


def replay_file(match: Match) -> dict[str, Any]:  # Any: a JSON object
    """Return what `coliseum verify` reads: seeds, seatings, actions and digests, nothing that is private.

    Raises:
        RefusedError: `match.not_ready` while the match is not finished, `match.sealed` while its seeds are
            still being played by others.
    """
    if match.state != MatchState.FINISHED:
        raise RefusedError("match.not_ready", state=match.state)
    if is_sealed(match):
        raise RefusedError("match.sealed")
    return {
        "format": FORMAT,
        "arena": match.competition.arena,
        "match": match.pk,
        "digest": match.digest,
        "episodes": [_episode(episode) for episode in episodes_with_actions(match)],
        "versions": match.versions,
    }


def _episode(episode: Episode) -> dict[str, Any]:  # Any: a JSON object
    return {
        "seed": episode.seed,
        "seating": episode.seating,
        "actions": base64.b64encode(bytes(episode.actions)).decode(),
        "digest": episode.digest,
        "turns": episode.turns,
        "truncated": episode.truncated,
        "seats": [{name: seat[name] for name in _PUBLIC} for seat in episode.seats],
    }


def trajectory_of(episode: Episode) -> bytes:
    """Return an episode's drawn form, gzip-compressed; one that was lost is drawn again from its actions.

    Raises:
        RefusedError: `not_found` when the arena cannot play it again here.
    """
    if episode.trajectory:
        try:
            return storage.read_trajectory(episode.trajectory)
        except FileNotFoundError:
            logger.warning("trajectory_lost", extra={"match": episode.match_id, "episode": episode.index})
    try:
        return _drawn(episode)
    except ArenaError as error:
        logger.warning("trajectory_impossible", extra={"match": episode.match_id, "problem": str(error)})
        raise RefusedError("not_found", kind="replay", id=episode.match_id) from error


def _drawn(episode: Episode) -> bytes:
    spec = registry.get(episode.match.competition.arena)
    adapter = open_arena(spec)
    try:
        drawing = recorder_for(adapter)
        replay_episode(
            spec,
            seed=episode.seed,
            log=decode_log(bytes(episode.actions)),
            forfeits=forfeits_of(msgspec.convert(tuple(episode.seats), tuple[SeatResult, ...])),
            recorder=drawing,
            adapter=adapter,
        )
    finally:
        adapter.close()
    levels = unpack_levels(bytes(episode.thought))
    # A worker's times are shown, not believed: those that do not fit the seats are left out.
    fits = len(levels) == spec.seats and all(len(seat) <= episode.turns for seat in levels)
    return drawing.finish(levels if fits else ())
