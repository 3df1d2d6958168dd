"""The stored form of trajectories: exact, checked, bounded."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenas.errors import ArenaError
from arenas.trajectory import decode_trajectory, encode_trajectory, track, untrack

FIXTURES = Path(__file__).parents[1] / "fixtures" / "trajectories"

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
    "rows": 3,
    "columns": 3,
    "cells": [""] * 9,
    "changes": [[[4, "0"]]],
}
SHAPES = {
    name: GOOD[name] for name in ("format", "arena", "seats", "turns", "fps", "actors", "rewards", "labels")
} | {
    "scene": "shapes2d",
    "bounds": [0, 0, 2, 1],
    "static": [{"kind": "line", "points": [[0, 0], [2, 0.5]], "fill": "#000000", "stroke": "#000000"}],
    "bodies": [{"shapes": [], "seat": 1, "x": [0, 5], "y": 7, "angle": 0, "from": 0, "to": 1}],
}
GRID = SHAPES | {
    "scene": "grid",
    "rows": 1,
    "columns": 2,
    "palette": [{}, {"form": "dot"}],
    "cells": [0, 1],
    "changes": [[1, 0]],
    "flashes": [[1, 1, 0, 0, 1, 1]],
    "pieces": [{"seat": None, "look": 1, "x": [0, 1], "y": 0, "turn": 0, "from": 0, "to": 1}],
}
PANEL = SHAPES | {"scene": "panel", "panels": [[{"title": "Table", "lines": ["x"], "seat": None}], None]}
TEXT = SHAPES | {"scene": "text", "texts": ["x", None]}
FRAMES = SHAPES | {"scene": "frames"}
BODY, PIECE = SHAPES["bodies"][0], GRID["pieces"][0]
BROKEN = [
    (GOOD | {"turns": True}, "no counts"),
    (GOOD | {"turns": 10**9}, "no counts"),
    (GOOD | {"seats": 0}, "nobody sits"),
    (GOOD | {"actors": [2]}, "actors"),
    (GOOD | {"rewards": [[0], 0]}, "rewards"),
    (GOOD | {"rewards": [10**400, 0]}, "rewards"),
    (GOOD | {"colours": ["#000000"]}, "colours"),
    (GOOD | {"thought": [[1, 2], []]}, "thought"),
    (GOOD | {"cells": [""] * 8}, "fill the board"),
    (GOOD | {"rows": 60000, "columns": 60000}, "larger than"),
    (GOOD | {"rows": 2.0}, "no size"),
    (GOOD | {"changes": [[[9, "0"]]]}, "not there"),
    (GOOD | {"changes": [[[4]]]}, "not there"),
    (SHAPES | {"bounds": [2, 0, 0, 1]}, "rectangle"),
    (SHAPES | {"bounds": None}, "rectangle"),
    (SHAPES | {"static": [{"kind": "circle", "x": 0, "y": 0, "r": -1}]}, "no shape"),
    (SHAPES | {"static": ["x"]}, "no shape"),
    (SHAPES | {"bodies": None}, "bodies"),
    (SHAPES | {"bodies": [BODY | {"shapes": [{"kind": "blob"}]}]}, "no shape"),
    (SHAPES | {"bodies": [BODY | {"seat": 2}]}, "seat that is not there"),
    (SHAPES | {"bodies": [BODY | {"from": 1, "to": 0}]}, "no frame"),
    (SHAPES | {"bodies": [BODY | {"x": [0, 1, 2]}]}, "wrong length"),
    (GRID | {"palette": []}, "palette"),
    (GRID | {"cells": [0, 2]}, "cells"),
    (GRID | {"changes": [[1]]}, "not there"),
    (GRID | {"changes": [[1, 2]]}, "not there"),
    (GRID | {"flashes": [[0, 9, 0, 0, 1, 1]]}, "lights up"),
    (GRID | {"pieces": [None]}, "nothing"),
    (GRID | {"pieces": {}}, "pieces"),
    (GRID | {"pieces": [PIECE | {"turn": ["x", 1]}]}, "wrong length"),
    (PANEL | {"panels": [[], [{"title": 3}]]}, "panels"),
    (TEXT | {"texts": ["x"]}, "texts"),
]


@pytest.mark.parametrize("good", [GOOD, SHAPES, GRID, PANEL, TEXT, FRAMES], ids=lambda good: good["scene"])
def test_a_trajectory_comes_back_as_it_went_in(good):
    assert decode_trajectory(encode_trajectory(good)) == good


@pytest.mark.parametrize(("broken", "words"), BROKEN)
def test_what_does_not_fit_is_refused_in_words(broken, words):
    with pytest.raises(ArenaError, match=words):
        decode_trajectory(encode_trajectory(broken))


def test_numbers_that_json_does_not_have_are_refused():
    text = json.dumps(GOOD | {"rewards": [float("nan"), 0]})
    with pytest.raises(ArenaError, match="NaN is no number"):
        decode_trajectory(gzip.compress(text.encode()))


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.ctr")), ids=lambda path: path.stem)
def test_a_file_of_an_older_version_still_opens(path):
    found = decode_trajectory(path.read_bytes())
    assert f".format{found['format']}" == path.suffixes[-2]


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
