"""Joust's replay: planks are seen to fall, sparks fly where lances strike, words tell how it ended."""

import pytest

from arenas.adapters import open_arena
from arenas.recorders import recorder_for
from arenas.recorders.joust import JoustStage
from arenas.trajectory import decode_trajectory, untrack
from tests.arenas.games.harness import baseline, play, spec_named

ARENA = "coliseum/joust_discrete-v1"


def recorded(first, second, prepare=lambda bout: None):
    """Return the decoded replay of a round in which each seat does one thing only."""
    adapter = open_arena(spec_named(ARENA))
    recorder = recorder_for(adapter)
    adapter.reset(4)
    prepare(adapter.environment.bout)
    recorder.start(adapter)
    while not adapter.is_over:
        adapter.step({0: first, 1: second})
        recorder.turn(adapter, -1)
    return decode_trajectory(recorder.finish())


def moved(bout, seat, x=0.0, y=0.0):
    walker = bout.walkers[seat]
    for part in walker.parts:
        part.position = (part.position.x + walker.side * x, part.position.y + y)
    walker.read()


def words(found):
    return [label for label in found["labels"] if label]


def tracks(body):
    count = body["to"] - body["from"] + 1
    return untrack(body["x"], count), untrack(body["y"], count)


@pytest.fixture(scope="module")
def standing():
    return recorded(0, 0)


def test_both_walkers_are_there_from_the_first_frame_to_the_last_and_planks_fall_beside_them(standing):
    frames = standing["turns"] + 1
    for seat in (0, 1):
        parts = [body for body in standing["bodies"] if body["seat"] == seat]
        assert len(parts) == 6
        assert {(body["from"], body["to"]) for body in parts} == {(0, frames - 1)}
    fall = standing["labels"].index("Planks fall, 13 m are left")
    loose = [body for body in standing["bodies"] if body["seat"] is None and body["from"] == fall]
    sinking = [body for body in loose if tracks(body)[1][-1] < -1.2]
    assert len(sinking) == 2
    assert {round(abs(tracks(body)[0][0]), 2) for body in sinking} == {6.75}
    assert all(body["to"] - fall < 20 for body in sinking)


def test_words_tell_who_falls_off_the_bridge(standing):
    assert words(standing)[-1].split(";")[0] in {
        f"{who} falls off the bridge" for who in ("Orange", "Blue")
    } | {f"Both are down: {who} has won more ground" for who in ("Orange", "Blue")}


def test_a_spark_flies_where_a_lance_strikes_and_is_hidden_otherwise():
    found = recorded(0, 3, lambda bout: moved(bout, 0, x=6.0))
    strikes = [frame for frame, label in enumerate(found["labels"]) if "Orange's lance strikes" in label]
    assert strikes
    sparks = [body for body in found["bodies"] if tracks(body)[1][0] < -5]
    assert len(sparks) == 2
    heights = tracks(sparks[0])[1]
    assert heights[strikes[0]] > 0
    assert heights[strikes[0] - 1] < -5


def test_words_tell_who_is_down_and_who_has_won_more_ground():
    adapter = open_arena(spec_named(ARENA))
    adapter.reset(4)
    bout, stage = adapter.environment.bout, JoustStage(adapter)
    moved(bout, 1, y=-1.1)
    assert stage.label() == "Blue is down"
    moved(bout, 0, x=0.4, y=-1.1)
    assert stage.label() == "Both are down: Orange has won more ground"
    moved(bout, 0, x=-0.4)
    assert stage.label() == "Both are down, a draw"
    for seat in (0, 1):
        moved(bout, seat, y=2.2)
    moved(bout, 1, x=0.6)
    bout.turn = 720
    assert stage.label() == "Time: Blue has won more ground"


def test_a_round_is_recorded_in_few_bytes():
    spec = spec_named(ARENA)
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    play(adapter, [baseline(spec, "squire"), baseline(spec, "squire")], 3, recorder)
    assert len(recorder.finish()) < 40_000
