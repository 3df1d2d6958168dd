"""Replay: a log played again gives the same digest, and a damaged one a clear error."""

import contextlib
import gzip
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenas import registry
from arenas.adapters import open_arena
from arenas.codec import Discrete, Text, compile_codec
from arenas.errors import ReplayError
from arenas.recorders import recorder_for
from arenas.replay import (
    MAX_LOG_BYTES,
    MAX_STORED_BYTES,
    ActionLog,
    EpisodeRecorder,
    decode_log,
    encode_log,
    replay_episode,
)


def record(adapter, seed, dropped=None):
    """Play at random; from turn 3 on the dropped seat is replaced by idle actions."""
    rng = np.random.default_rng(seed)
    codecs = [compile_codec(schema) for schema in adapter.action_schemas]
    recorder = EpisodeRecorder(adapter.spec, seed, codecs)
    adapter.reset(seed)
    while not adapter.is_over:
        encoded = {}
        for asked in adapter.asked():
            is_out = asked.seat == dropped and adapter.turns >= 3
            choose = adapter.idle_action if is_out else adapter.random_action
            encoded[asked.seat] = codecs[asked.seat].encode(choose(asked.seat, rng))
        adapter.step({seat: codecs[seat].decode(action) for seat, action in encoded.items()})
        recorder.add_turn(dict(reversed(encoded.items())), adapter.rewards)
    forfeits = {} if dropped is None else {dropped: 3}
    return recorder.log, forfeits, recorder.finish(truncated=adapter.truncated, forfeits=forfeits)


@pytest.mark.parametrize(
    "arena",
    ["connect_four", "tictactoe", "leduc_holdem", "multiwalker", "LunarLander", "CartPole", "simple_tag"],
)
def test_an_episode_played_again_gives_the_same_digest(arena):
    spec = registry.get(arena)
    adapter = open_arena(spec)
    log, forfeits, digest = record(adapter, 8)
    again = replay_episode(spec, seed=8, log=decode_log(encode_log(log)), forfeits=forfeits)
    assert again.digest == digest
    assert (list(again.rewards), again.turns, again.truncated) == (
        adapter.rewards,
        adapter.turns,
        adapter.truncated,
    )


def test_a_seat_that_dropped_out_is_replayed_with_its_idle_actions():
    spec = registry.get("simple_tag")
    adapter = open_arena(spec)
    log, forfeits, digest = record(adapter, 8, dropped=1)
    assert replay_episode(spec, seed=8, log=log, forfeits=forfeits, adapter=adapter).digest == digest
    assert replay_episode(spec, seed=8, log=log, forfeits={}, adapter=adapter).digest != digest


def test_a_forfeited_episode_ends_where_its_log_ends():
    spec = registry.get("connect_four")
    adapter = open_arena(spec)
    log, _, _ = record(adapter, 8)
    short = ActionLog(4, log.actions[:4])
    first = replay_episode(spec, seed=8, log=short, forfeits={0: 4}, adapter=adapter)
    assert (first.turns, first.truncated) == (4, False)
    assert first == replay_episode(spec, seed=8, log=short, forfeits={0: 4})


def test_seed_and_arena_are_part_of_the_digest():
    spec = registry.get("connect_four")
    log = ActionLog(3, bytes([3, 3, 3]))
    digests = {
        replay_episode(spec, seed=1, log=log, forfeits={}).digest,
        replay_episode(spec, seed=2, log=log, forfeits={}).digest,
        replay_episode(replace(spec, id="connect_four-v9"), seed=1, log=log, forfeits={}).digest,
    }
    assert len(digests) == 3


def test_a_ply_of_connect_four_takes_one_byte_and_an_episode_less_than_two_a_ply():
    log, _, _ = record(open_arena(registry.get("connect_four")), 8)
    assert len(log.actions) == log.turns
    assert len(encode_log(log)) <= min(32, 2 * log.turns)


def test_logs_stored_in_the_first_format_are_still_read():
    stored = gzip.compress(b"CLA1" + struct.pack("<I", 3) + bytes([3, 4, 5]))
    assert decode_log(stored) == ActionLog(3, bytes([3, 4, 5]))


def test_a_replay_can_be_watched_by_any_recorder():
    spec = registry.get("connect_four")
    adapter = open_arena(spec)
    log, _, _ = record(adapter, 8)
    recorder = recorder_for(adapter)
    replay_episode(spec, seed=8, log=log, forfeits={}, recorder=recorder, adapter=adapter)
    assert gzip.decompress(recorder.finish()).startswith(b"{")


def test_actions_of_varying_size_carry_their_length():
    spec = replace(registry.get("connect_four"), id="words-v1")
    codecs = [compile_codec(Text(max_length=9)), compile_codec(Discrete(n=3))]
    recorder = EpisodeRecorder(spec, 1, codecs)
    recorder.add_turn({0: codecs[0].encode("ab"), 1: codecs[1].encode(2)}, [0.0, 0.0])
    assert recorder.log.actions == struct.pack("<II2sIB", 6, 2, b"ab", 1, 2)


@given(turns=st.integers(0, 2**32 - 1), actions=st.binary(max_size=300))
def test_every_log_comes_back_from_its_stored_form(turns, actions):
    log = ActionLog(turns, actions)
    assert decode_log(encode_log(log)) == log


@given(actions=st.binary(max_size=60), position=st.integers(0), flip=st.integers(1, 255), cut=st.integers(1))
def test_a_damaged_log_gives_a_clear_error(actions, position, flip, cut):
    stored = bytearray(encode_log(ActionLog(3, actions)))
    with pytest.raises(ReplayError):
        decode_log(bytes(stored[: -(cut % len(stored)) or -1]))
    with pytest.raises(ReplayError):
        decode_log(bytes(stored) + b"x")
    stored[position % len(stored)] ^= flip
    with contextlib.suppress(ReplayError):
        # Parts of the gzip header mean nothing: what is read in spite of the damage is the same log.
        assert decode_log(bytes(stored)) == ActionLog(3, actions)


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"\x02",
        b"\x02" + zlib.compress(b""),
        b"\x02" + zlib.compress(b"\xff" * 5),
        b"text",
        gzip.compress(b"", mtime=0),
        gzip.compress(b"ABCD\0\0\0\0", mtime=0),
        b"\x1f\x8b",
    ],
)
def test_other_bytes_are_no_log(stored):
    with pytest.raises(ReplayError):
        decode_log(stored)


def test_a_log_that_hardly_shrinks_is_refused_when_it_is_stored():
    with pytest.raises(ReplayError, match="The stored log has"):
        encode_log(ActionLog(1, np.random.default_rng(0).bytes(MAX_STORED_BYTES + 1)))
    with pytest.raises(ReplayError, match="The stored log has"):
        decode_log(bytes(MAX_STORED_BYTES + 1))


def test_a_bomb_is_refused_before_it_fills_the_memory():
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1024 * 1024)
    bomb = (
        b"".join([squeeze.compress(block) for _ in range(MAX_LOG_BYTES // len(block) + 1)]) + squeeze.flush()
    )
    with pytest.raises(ReplayError, match="more than"):
        decode_log(bomb)
    with pytest.raises(ReplayError, match="bytes"):
        encode_log(ActionLog(1, bytes(MAX_LOG_BYTES + 1)))


@pytest.mark.parametrize(
    ("log", "message"),
    [
        (ActionLog(3, bytes([3, 3])), "in the middle"),
        (ActionLog(1, bytes([3, 3])), "1 bytes too many"),
        (ActionLog(1, bytes([7])), "turn 0 cannot be played: 7 is outside"),
        (ActionLog(7, bytes([3] * 7)), "turn 6 cannot be played: Action 3 is not legal"),
        (ActionLog(8, bytes([0, 1, 0, 1, 0, 1, 0, 1])), "over after 7 turns"),
    ],
)
def test_a_log_that_does_not_fit_the_arena_is_refused(log, message):
    with pytest.raises(ReplayError, match=message):
        replay_episode(registry.get("connect_four"), seed=1, log=log, forfeits={})
