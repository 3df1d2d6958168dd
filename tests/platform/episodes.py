"""Real episodes without agents' processes: random legal moves, with action log, digest and trajectory."""

import random
from collections.abc import Sequence

from arenas.adapters import open_arena
from arenas.codec import compile_codec
from arenas.recorders import recorder_for
from arenas.replay import EpisodeRecorder, encode_log
from arenas.scoring import score_episode
from arenas.spec import ArenaSpec
from workers.spec import EpisodeResult, Outcome, SeatResult


def _choice(mask, schema, rng: random.Random) -> int:
    """Draw a legal move, or any where the game has no illegal ones."""
    if mask is None:
        return rng.randrange(schema.n)
    return rng.choice([move for move, legal in enumerate(mask) if legal])


def play_episode(arena: ArenaSpec, *, seed: int, seating: Sequence[int]) -> EpisodeResult:
    """Play one episode of an arena with discrete actions."""
    adapter = open_arena(arena)
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    log = EpisodeRecorder(arena, seed, codecs)
    drawing = recorder_for(adapter)
    rng = random.Random(seed)
    turns = [0] * arena.seats
    adapter.reset(seed)
    drawing.start(adapter)
    while asked := adapter.asked():
        actions = {each.seat: _choice(each.mask, adapter.action_schemas[each.seat], rng) for each in asked}
        adapter.step(actions)
        log.add_turn({seat: codecs[seat].encode(move) for seat, move in actions.items()}, adapter.rewards)
        drawing.turn(adapter, asked[0].seat if len(asked) == 1 else -1)
        for seat in actions:
            turns[seat] += 1
    scores = score_episode(arena, adapter.rewards, {})
    result = EpisodeResult(
        seed=seed,
        seating=tuple(seating),
        seats=tuple(
            SeatResult(
                agent=seating[seat],
                outcome=Outcome.OK,
                rank=score.rank,
                score=score.score,
                total_reward=score.total_reward,
                turns=turns[seat],
                think_seconds=0.01 * turns[seat],
                slowest_seconds=0.02,
            )
            for seat, score in enumerate(scores)
        ),
        turns=adapter.turns,
        truncated=adapter.truncated,
        digest=log.finish(truncated=adapter.truncated, forfeits={}),
        actions=encode_log(log.log),
        trajectory=drawing.finish(),
    )
    adapter.close()
    return result
