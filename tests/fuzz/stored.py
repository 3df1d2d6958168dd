"""What reads uploads, action logs and trajectories."""

import gzip
import io
import json
import struct
from functools import cache

from hypothesis import strategies as st

from arenas import registry
from arenas.adapters import open_arena
from arenas.errors import ArenaError, ReplayError
from arenas.replay import MAGIC, ActionLog, decode_log, encode_log, replay_episode
from arenas.trajectory import FORMAT, decode_trajectory, track, untrack
from arenas.trajectory_checks import SCENES
from tests.fuzz.noise import EDGES, mutated, values
from tests.workers.zips import Entry, handmade, ordinary
from workers.archive import CHUNK, ArchiveLimits, list_archive, read_member
from workers.refusals import REFUSALS, RefusedError

LIMITS = ArchiveLimits(unpacked_bytes=64 * 1024, files=20, depth=4)
names = st.sampled_from(("agent.py", "a/b.py", "a", "a/", "../x", "/x", "é.txt", "nul", "a" * 300)) | st.text(
    max_size=6
)
contents = st.binary(max_size=60) | st.just(bytes(2000))
small = st.sampled_from(EDGES)
entries = st.builds(
    Entry,
    name=names.map(lambda name: name.encode("utf-8", "surrogatepass")),
    content=contents,
    mode=st.sampled_from((0o100644, 0o120777, 0o040755, 0)),
    flags=st.sampled_from((0x0800, 0, 1, 8, 0x0808)),
    method=st.sampled_from((0, 8, 8, 12, 99)),
    declared=st.none() | small,
    crc=st.none() | small,
    at=st.none() | st.integers(0, 90),
)
archives = mutated(
    st.dictionaries(st.sampled_from(("agent.py", "a/b.txt", "weights.bin")), contents, max_size=3).map(
        ordinary
    )
    | st.lists(entries, max_size=4).map(lambda found: handmade(*found))
) | st.binary(max_size=120)


def check_archive(data):
    """A zip is refused with a code of the table, or read whole within its limits."""
    file = io.BytesIO(data)
    try:
        members = list_archive(file, size=len(data), limits=LIMITS)
        total = 0
        for member in members:
            for piece in read_member(file, member):
                assert len(piece) <= CHUNK
                total += len(piece)
    except RefusedError as error:
        assert error.code in REFUSALS  # noqa: PT017
        return
    assert len(members) <= LIMITS.files
    assert total <= LIMITS.unpacked_bytes


stored_logs = (
    mutated(
        st.builds(lambda turns, actions: encode_log(ActionLog(turns, actions)), small, st.binary(max_size=60))
    )
    | mutated(
        st.builds(
            lambda head, turns, rest: head + struct.pack("<I", turns) + rest,
            st.just(MAGIC),
            small,
            st.binary(),
        )
    ).map(gzip.compress)
    | st.binary(max_size=80)
)


def check_log(data):
    """A stored action log is damaged, or the one that was stored."""
    try:
        log = decode_log(data)
    except ReplayError:
        return
    assert decode_log(encode_log(log)) == log


counts = st.one_of(st.integers(0, 3), st.sampled_from((-1, 10**30, True, 1.0, None, "2")))
headers = st.fixed_dictionaries(
    {},
    optional={
        "format": st.just(FORMAT) | counts,
        "scene": st.sampled_from(SCENES) | values.filter(lambda value: not isinstance(value, bytes)),
        "turns": counts,
        "seats": counts,
        "actors": st.lists(counts, max_size=3),
        "labels": st.lists(st.text(max_size=3), max_size=4),
        "rewards": st.lists(st.lists(counts, max_size=3) | counts, max_size=3),
    },
)


def _as_text(value):
    return json.dumps(value, default=str).encode()


trajectories = st.one_of(
    mutated(headers.map(_as_text)).map(gzip.compress),
    mutated(headers.map(_as_text).map(gzip.compress)),
    st.integers(1, 100_000).map(lambda depth: gzip.compress(b"[" * depth)),
    st.integers(1, 9000).map(lambda digits: gzip.compress(b'{"format":' + b"9" * digits + b"}")),
    st.binary(max_size=80),
)


def check_trajectory(data):
    """A stored trajectory is refused, or has a header that fits its lists."""
    try:
        found = decode_trajectory(data, 64 * 1024)
    except ArenaError:
        return
    assert found["scene"] in SCENES
    assert len(found["labels"]) == found["turns"] + 1
    assert len(found["rewards"]) == found["seats"]


def check_track(numbers):
    """A track gives back each finite number to a thousandth."""
    back = list(untrack(track(numbers), len(numbers)))
    last = 0.0
    for number, found in zip(numbers, back, strict=True):
        last = number if abs(number) < 1e300 else last
        assert abs(found - last) <= 0.001 or abs(found - last) <= 1e-9 * abs(last)


QUICK = ("tictactoe-v3", "connect_four-v3", "leduc_holdem-v4", "CartPole-v1", "simple_spread-v3")


@cache
def adapter_of(name):
    return open_arena(registry.get(name))


replays = st.tuples(
    st.sampled_from(QUICK),
    st.integers(0, 3),
    st.integers(0, 12) | small,
    st.lists(st.integers(0, 6), max_size=30).map(bytes) | st.binary(max_size=40),
)


def check_replay(case):
    """A log is played again whole, or refused; the environment is never asked for what it cannot do."""
    name, seed, turns, actions = case
    spec, adapter = registry.get(name), adapter_of(name)
    log = ActionLog(turns, actions)
    try:
        first = replay_episode(spec, seed=seed, log=log, forfeits={}, adapter=adapter)
    except ReplayError:
        return
    assert first == replay_episode(spec, seed=seed, log=log, forfeits={}, adapter=adapter)


track_values = st.lists(
    st.floats(-1e9, 1e9) | st.sampled_from((float("nan"), float("inf"))), min_size=1, max_size=20
)
