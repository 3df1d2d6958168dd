"""The stored form of trajectories: exact, checked, bounded."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenas.errors import ArenaError
from arenas.trajectory import decode_trajectory, encode_trajectory, track, untrack

GOOD = {
    "format": 1,
    "arena": "tictactoe-v3",
    "scene": "board",
    "seats": 2,
    "turns": 1,
    "fps": 1,
    "actors": [0],
    "rewards": [0, 0],
    "labels": ["", "X takes centre"],
    "style": "tictactoe",
}


def test_a_trajectory_comes_back_as_it_went_in():
    assert decode_trajectory(encode_trajectory(GOOD)) == GOOD


def test_equal_trajectories_have_equal_bytes():
    assert encode_trajectory(GOOD) == encode_trajectory(dict(GOOD))


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"not gzip",
        gzip.compress(b"not json", mtime=0),
        gzip.compress(b"[]", mtime=0),
        gzip.compress(b"\xff\xfe", mtime=0),
        gzip.compress(b"[" * 100_000, mtime=0),
        encode_trajectory(GOOD)[:-9],
        encode_trajectory(GOOD | {"format": 2}),
        encode_trajectory(GOOD | {"turns": 2}),
        encode_trajectory(GOOD | {"turns": "1"}),
        encode_trajectory(GOOD | {"scene": "film"}),
        encode_trajectory(GOOD | {"labels": None}),
    ],
)
def test_anything_else_is_refused(stored):
    with pytest.raises(ArenaError):
        decode_trajectory(stored)


def test_a_bomb_is_refused_without_unpacking_it():
    bomb = gzip.compress(b" " * 50_000_000, mtime=0)
    with pytest.raises(ArenaError, match="unpacks to more"):
        decode_trajectory(bomb, limit=1_000_000)


def test_a_track_that_never_changes_is_one_number():
    assert track([1.5, 1.5, 1.5]) == 1500
    assert untrack(1500, 3) == [1.5, 1.5, 1.5]


def test_what_is_no_number_keeps_the_value_before_it():
    assert track([1.0, float("nan"), float("inf"), 2.0]) == [1000, 0, 0, 1000]


def test_an_empty_track_is_zero():
    assert track([]) == 0


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_tracks_decode_to_the_nearest_thousandth_however_long(values):
    decoded = untrack(track(values), len(values))
    assert len(decoded) == len(values)
    assert all(abs(a - b) <= 0.000501 for a, b in zip(values, decoded, strict=True))
