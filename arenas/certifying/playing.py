"""Random legal play for certificates: whole episodes with their logs, and positions to try things in."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from arenas.adapters import Adapter
from arenas.codec import Codec, compile_codec
from arenas.replay import ActionLog, EpisodeRecorder
from arenas.scoring import score_episode

FIRST_SEED = 20_261


@dataclass(slots=True)
class Played:
    """One episode of random play."""

    seed: int
    log: ActionLog
    digest: str = ""
    truncated: bool = False
    seconds: list[float] = field(default_factory=list)
    """Of each turn: observing and stepping."""
    rewards: tuple[float, ...] = ()
    ranks: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()
    legal: list[Mapping[int, list[int]]] = field(default_factory=list)
    """For each turn the legal actions of the seats that have a mask; counted from 0."""
    strange: str = ""
    """Where a number was not finite; empty if all were."""


def observers(adapter: Adapter) -> list[Codec]:
    """Return a codec for the observations of each seat."""
    return [compile_codec(schema, trusted=True) for schema in adapter.observation_schemas]


def play_random(adapter: Adapter, seed: int, stream: int = 0) -> Played:
    """Play an episode with random legal actions.

    Args:
        adapter: an open arena.
        seed: of the environment.
        stream: which of several random agents; with the same seed and stream the same is played.

    Raises:
        ArenaError: the environment failed, or showed what is not of its space.
    """
    rng = np.random.default_rng([seed, stream])
    seen = observers(adapter)
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    recorder = EpisodeRecorder(adapter.spec, seed, codecs)
    played = Played(seed, recorder.log)
    adapter.reset(seed)
    while not adapter.is_over:
        begin = time.perf_counter()
        asked = adapter.asked()
        seconds = time.perf_counter() - begin
        for seat in asked:
            seen[seat.seat].encode(seat.observation)
            if not played.strange and not is_finite(seat.observation):
                played.strange = f"seat {seat.seat} saw NaN or infinity in turn {adapter.turns}, seed {seed}"
        played.legal.append({s.seat: np.flatnonzero(s.mask).tolist() for s in asked if s.mask is not None})
        encoded = {s.seat: codecs[s.seat].encode(adapter.random_action(s.seat, rng)) for s in asked}
        actions = {seat: codecs[seat].decode(action) for seat, action in encoded.items()}
        begin = time.perf_counter()
        adapter.step(actions)
        played.seconds.append(seconds + time.perf_counter() - begin)
        recorder.add_turn(encoded, adapter.rewards)
    played.log, played.truncated = recorder.log, adapter.truncated
    played.rewards = tuple(adapter.rewards)
    scored = score_episode(adapter.spec, adapter.rewards, {}, adapter.survival())
    played.ranks = tuple(score.rank for score in scored)
    played.scores = tuple(score.score for score in scored)
    played.digest = recorder.finish(truncated=adapter.truncated, forfeits={})
    return played


def is_finite(observation: object) -> bool:
    """Say whether all numbers of an observation are finite."""
    if isinstance(observation, Mapping):
        return all(is_finite(part) for part in observation.values())
    if isinstance(observation, tuple | list):
        return all(is_finite(part) for part in observation)
    array = np.asarray(observation)
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())


def go_to(adapter: Adapter, seed: int, turn: int, stream: int = 0) -> bool:
    """Play as `play_random` does, up to a turn; return whether the episode is still running there.

    Raises:
        ArenaError: the environment failed.
    """
    rng = np.random.default_rng([seed, stream])
    adapter.reset(seed)
    for _ in range(turn):
        if adapter.is_over:
            break
        adapter.step(random_actions(adapter, rng))
    return not adapter.is_over


def random_actions(adapter: Adapter, rng: np.random.Generator) -> dict[int, object]:
    """Return a random legal action for each asked seat."""
    return {asked.seat: adapter.random_action(asked.seat, rng) for asked in adapter.asked()}
