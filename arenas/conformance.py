"""`check_arena`: what every arena must satisfy before agents are let in.

How it works. The checks run in order and stop at the first that makes the rest meaningless. Random play gives
one episode with its log; that log is played again here and in a second interpreter with another hash seed,
and all three must give the same digest. A plug-in's author runs it while writing, a host before opening.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import numpy as np

from arenas.adapters import Adapter, open_arena
from arenas.codec import Codec, compile_codec
from arenas.errors import ArenaError, UnsupportedSpaceError
from arenas.replay import ActionLog, EpisodeRecorder, decode_log, encode_log, replay_episode
from arenas.spec import ArenaSpec, Argument, Kind, Objective

SEED: Final = 20_261
EPISODES: Final = 3
_MASK_SECONDS: Final = 5.0
_MASK_ACTIONS: Final = 32
_CHILD_SECONDS: Final = 120.0
_CHILD: Final = (
    "import sys; from arenas.conformance import replay_in_child; replay_in_child(sys.stdin.buffer)"
)


@dataclass(frozen=True, slots=True)
class ArenaCheck:
    """One thing an arena must satisfy."""

    name: str
    """opens, baselines, observations, seeded, ends, masks, replay, second_process or step_time."""
    ok: bool
    value: float
    """What was measured: seconds, bytes, turns or a count, as `detail` says."""
    detail: str


@dataclass(slots=True)
class _Played:
    """One episode of random play."""

    log: ActionLog
    digest: str
    seconds: list[float]
    truncated: bool
    legal: list[Mapping[int, list[int]]] = field(default_factory=list)
    """For each turn the legal actions of the seats that have a mask."""


class _Order(msgspec.Struct):
    """What the second process is told; the parts of the spec that matter to a replay."""

    id: str
    kind: Kind
    environment: str
    seats: int
    objective: Objective
    arguments: dict[str, Argument]
    max_turns: int
    folder: str
    seed: int
    log: bytes


def check_arena(spec: ArenaSpec) -> tuple[ArenaCheck, ...]:
    """Check an arena: it opens, is reproducible, its masks are honest, random play ends.

    Nothing is raised for a faulty arena; the last check that was reached has `ok` False and says why.
    """
    begin = time.perf_counter()
    try:
        adapter = open_arena(spec)
    except ArenaError as error:
        name = "spaces" if isinstance(error, UnsupportedSpaceError) else "opens"
        return (ArenaCheck(name, False, 0.0, str(error)),)
    checks = [ArenaCheck("opens", True, time.perf_counter() - begin, "seconds"), _check_baselines(spec)]
    try:
        for check in _check_play(spec, adapter):
            checks.append(check)
            if check.name in ("observations", "seeded") and not check.ok:
                break
    except ArenaError as error:
        checks.append(ArenaCheck("play", False, float(adapter.turns), str(error)))
    finally:
        adapter.close()
    return tuple(checks)


def _check_play(spec: ArenaSpec, adapter: Adapter) -> Iterator[ArenaCheck]:
    yield _check_observations(adapter)
    yield _check_seeded(adapter)
    episodes = [_play(adapter, SEED + index) for index in range(EPISODES)]
    cut = sum(episode.truncated for episode in episodes)
    turns = max(episode.log.turns for episode in episodes)
    yield ArenaCheck("ends", True, turns, f"turns at most; {cut} of {EPISODES} episodes were cut off")
    yield _check_masks(adapter, episodes[0])
    yield _check_replay(adapter, episodes[0])
    yield _check_second_process(spec, episodes[0])
    seconds = np.array([second for episode in episodes for second in episode.seconds])
    yield ArenaCheck("step_time", True, float(np.quantile(seconds, 0.99)), "seconds, 99 % of turns")


def _check_baselines(spec: ArenaSpec) -> ArenaCheck:
    missing = [
        baseline.name
        for baseline in spec.baselines
        if not (baseline.path / "agent.py" if baseline.path.is_dir() else baseline.path).is_file()
    ]
    detail = f"no agent file for {', '.join(missing)}" if missing else "baselines"
    return ArenaCheck("baselines", not missing, len(spec.baselines), detail)


def _check_observations(adapter: Adapter) -> ArenaCheck:
    codecs = [compile_codec(schema, trusted=True) for schema in adapter.observation_schemas]
    adapter.reset(SEED)
    try:
        for asked in adapter.asked():
            codecs[asked.seat].encode(asked.observation)
    except ArenaError as error:
        return ArenaCheck("observations", False, 0.0, f"an observation is not of its space: {error}")
    return ArenaCheck("observations", True, max(codec.size for codec in codecs), "bytes at most")


def _check_seeded(adapter: Adapter) -> ArenaCheck:
    codecs = [compile_codec(schema, trusted=True) for schema in adapter.observation_schemas]
    first: list[list[bytes]] = []
    for _ in range(2):
        adapter.reset(SEED)
        first.append([codecs[asked.seat].encode(asked.observation) for asked in adapter.asked()])
    same = first[0] == first[1]
    detail = "seats saw the same twice" if same else "two resets with one seed differ"
    return ArenaCheck("seeded", same, len(first[0]), detail)


def _play(adapter: Adapter, seed: int) -> _Played:
    rng = np.random.default_rng(seed)
    observers = [compile_codec(schema, trusted=True) for schema in adapter.observation_schemas]
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    recorder = EpisodeRecorder(adapter.spec, seed, codecs)
    played = _Played(recorder.log, "", [], False)
    adapter.reset(seed)
    while not adapter.is_over:
        begin = time.perf_counter()
        asked = adapter.asked()
        seconds = time.perf_counter() - begin
        for seat in asked:
            observers[seat.seat].encode(seat.observation)
        played.legal.append({s.seat: np.flatnonzero(s.mask).tolist() for s in asked if s.mask is not None})
        encoded = {s.seat: codecs[s.seat].encode(adapter.random_action(s.seat, rng)) for s in asked}
        actions = {seat: codecs[seat].decode(action) for seat, action in encoded.items()}
        begin = time.perf_counter()
        adapter.step(actions)
        played.seconds.append(seconds + time.perf_counter() - begin)
        recorder.add_turn(encoded, adapter.rewards)
    played.log, played.truncated = recorder.log, adapter.truncated
    played.digest = recorder.finish(truncated=adapter.truncated, forfeits={})
    return played


def _check_masks(adapter: Adapter, played: _Played) -> ArenaCheck:
    """Try the actions that the masks of one episode allow, at its beginning, middle and end."""
    turns = played.log.turns
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    deadline = time.monotonic() + _MASK_SECONDS
    tried = 0
    if not all(codec.is_fixed for codec in codecs):
        return ArenaCheck("masks", True, 0, "not tried: actions vary in size")
    for turn in sorted({0, turns // 2, turns - 1}):
        for seat, legal in played.legal[turn].items():
            if not legal:
                return ArenaCheck("masks", False, tried, f"seat {seat} has no legal action in turn {turn}")
            for action in legal[:_MASK_ACTIONS]:
                if time.monotonic() > deadline:
                    return ArenaCheck("masks", True, tried, "legal actions tried, then the time was up")
                try:
                    _try_action(adapter, codecs, played.log, (turn, seat, action))
                except ArenaError as error:
                    return ArenaCheck("masks", False, tried, f"turn {turn} refuses legal {action}: {error}")
                tried += 1
    return ArenaCheck("masks", True, tried, "legal actions tried")


def _try_action(adapter: Adapter, codecs: list[Codec], log: ActionLog, attempt: tuple[int, int, int]) -> None:
    """Play the log up to a turn and then another action of one seat."""
    last, seat, index = attempt
    position = 0
    adapter.reset(SEED)
    for turn in range(last + 1):
        actions: dict[int, object] = {}
        for asked in adapter.asked():
            codec = codecs[asked.seat]
            actions[asked.seat] = codec.decode(log.actions[position : position + codec.size])
            position += codec.size
        if turn == last:
            actions[seat] = index + getattr(codecs[seat].schema, "start", 0)
        adapter.step(actions)


def _check_replay(adapter: Adapter, played: _Played) -> ArenaCheck:
    try:
        again = replay_episode(adapter.spec, seed=SEED, log=played.log, forfeits={}, adapter=adapter)
    except ArenaError as error:
        return ArenaCheck("replay", False, adapter.turns, f"the log cannot be played again: {error}")
    same = again.digest == played.digest
    detail = "turns played again" if same else "playing the log again gave another digest"
    return ArenaCheck("replay", same, again.turns, detail)


def _check_second_process(spec: ArenaSpec, played: _Played) -> ArenaCheck:
    order = _Order(
        id=spec.id,
        kind=spec.kind,
        environment=spec.environment,
        seats=spec.seats,
        objective=spec.objective,
        arguments=dict(spec.arguments),
        max_turns=spec.max_turns,
        folder=str(spec.folder or ""),
        seed=SEED,
        log=encode_log(played.log),
    )
    variables = {
        **os.environ,
        "PYTHONHASHSEED": "4242",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    begin = time.perf_counter()
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", _CHILD],
            input=msgspec.msgpack.encode(order),
            capture_output=True,
            env=variables,
            timeout=_CHILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ArenaCheck("second_process", False, _CHILD_SECONDS, "the second process did not end in time")
    seconds = time.perf_counter() - begin
    if done.returncode:
        return ArenaCheck(
            "second_process", False, seconds, done.stderr.decode(errors="replace")[-500:].strip()
        )
    same = done.stdout.decode().split()[-1:] == [played.digest]
    detail = "seconds" if same else "the same actions gave another digest in a second process"
    return ArenaCheck("second_process", same, seconds, detail)


def replay_in_child(stream: BinaryIO) -> None:
    """Replay the order read from a stream and print its digest; the main function of the second process."""
    order = msgspec.msgpack.decode(stream.read(), type=_Order)
    spec = ArenaSpec(
        id=order.id,
        title=order.id,
        summary="",
        kind=order.kind,
        environment=order.environment,
        seats=order.seats,
        objective=order.objective,
        arguments=order.arguments,
        max_turns=order.max_turns,
        folder=Path(order.folder) if order.folder else None,
    )
    replayed = replay_episode(spec, seed=order.seed, log=decode_log(order.log), forfeits={})
    sys.stdout.write(replayed.digest)
