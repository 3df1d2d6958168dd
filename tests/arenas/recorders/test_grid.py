"""Grids: what was in every cell and where every piece stood comes back exactly, in few bytes."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arenas.recorders.grid import NOTHING, SEAT, Flash, Grid, GridRecorder, Piece, look
from arenas.trajectory import decode_trajectory, untrack

ROWS, COLUMNS = 3, 4
CELLS = st.lists(st.integers(0, 2), min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS)
PLACES = st.dictionaries(
    st.integers(0, 3),
    st.tuples(st.integers(1, 2), st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1), st.integers(-3, 9)),
)
LIT = st.builds(Flash, st.just(1), st.integers(0, 2), st.integers(0, 3), st.integers(1, 2), st.integers(1, 2))
FLASHES = st.lists(LIT, max_size=2)
FRAMES = st.lists(st.tuples(CELLS, PLACES, FLASHES), min_size=1, max_size=12)


class Film(Grid):
    """A world that shows prepared frames."""

    def __init__(self, frames):
        self.frames = frames
        self.now = 0

    def palette(self):
        return [NOTHING, look("tile", "#112233"), look("arrow", SEAT, letter="A")]

    def cells(self):
        return np.array(self.frames[self.now][0], dtype=np.uint8).reshape(ROWS, COLUMNS)

    def pieces(self):
        places = self.frames[self.now][1]
        return [Piece(key, *place, seat=key if key < 2 else None) for key, place in places.items()]

    def flashes(self):
        return self.frames[self.now][2]

    def colours(self):
        return ("#ff0000", "#0000ff")


def record(frames):
    film = Film(frames)
    adapter = SimpleNamespace(
        spec=SimpleNamespace(id="film-v1", seats=2), environment=object(), rewards=[0.0, 0.0], is_over=False
    )
    recorder = GridRecorder(lambda _: film)
    recorder.start(adapter)
    for film.now in range(1, len(frames)):
        recorder.turn(adapter, -1)
    return decode_trajectory(recorder.finish())


@settings(max_examples=40, deadline=None)
@given(FRAMES)
def test_every_frame_comes_back_as_it_was(frames):
    found = record(frames)
    cells = list(found["cells"])
    lit = {frame: flat for frame, *flat in found["flashes"]}
    for number, (wanted, places, flashes) in enumerate(frames):
        if number:
            change = found["changes"][number - 1]
            for cell, drawn in zip(change[::2], change[1::2], strict=True):
                cells[cell] = drawn
        assert cells == wanted
        assert lit.get(number, []) == [each for flash in flashes for each in flash]
        assert sorted(standing(found, number)) == sorted(
            (key if key < 2 else -1, *place) for key, place in places.items()
        )


def standing(found, frame):
    """Return seat, look, row, column and turn of every piece that is there in a frame."""
    for piece in found["pieces"]:
        if piece["from"] <= frame <= piece["to"]:
            length, at = piece["to"] - piece["from"] + 1, frame - piece["from"]
            numbers = [round(1000 * untrack(piece[name], length)[at]) for name in ("look", "y", "x", "turn")]
            yield (-1 if piece["seat"] is None else piece["seat"], *numbers)


def test_a_piece_that_comes_back_is_another_track():
    there, gone = {0: (1, 0, 0, 0)}, {}
    found = record([([0] * 12, place, []) for place in (there, gone, there)])
    assert [(piece["from"], piece["to"]) for piece in found["pieces"]] == [(0, 0), (2, 2)]


def test_what_stands_still_is_one_number():
    found = record([([1] * 12, {1: (2, 1, 3, 0)}, [])] * 50)
    assert found["pieces"] == [
        {"seat": 1, "look": 2, "x": 3, "y": 1, "turn": 0, "from": 0, "to": 49},
    ]
    assert found["changes"] == [[]] * 49
    assert found["colours"] == ["#ff0000", "#0000ff"]


def test_a_look_keeps_what_was_said_of_it():
    assert look("star", "#ffffff", letter="7") == {"form": "star", "fill": "#ffffff", "letter": "7"}


@pytest.mark.parametrize("levels", [(), ((40, 44), (76,))])
def test_thought_is_kept_where_it_is_known(levels):
    film = Film([([0] * 12, {}, [])] * 3)
    adapter = SimpleNamespace(
        spec=SimpleNamespace(id="film-v1", seats=2), environment=object(), rewards=[0.0, 0.0], is_over=False
    )
    recorder = GridRecorder(lambda _: film)
    recorder.start(adapter)
    recorder.turn(adapter, -1)
    recorder.turn(adapter, 0)
    found = decode_trajectory(recorder.finish(levels))
    assert found.get("thought") == ([[40, 44], [76]] if levels else None)
