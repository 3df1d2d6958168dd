"""Air hockey's replay: the trail follows the puck, and words tell of goals, saves and faceoffs."""

import numpy as np

from arenas.adapters import open_arena
from arenas.recorders import recorder_for
from arenas.trajectory import decode_trajectory, untrack
from tests.arenas.games.harness import baseline, play, spec_named

STILL = np.zeros(2, np.float32)


def shot(x, y, vx, turns, mallet=None, spin=0.0):
    """Return the decoded replay of a shot while both mallets stand still."""
    adapter = open_arena(spec_named("coliseum/air_hockey-v1"))
    recorder = recorder_for(adapter)
    adapter.reset(1)
    puck = adapter.environment.rink.puck
    puck.put(x, y)
    puck.body.linearVelocity, puck.body.angularVelocity = (vx, 0), spin
    puck.read()
    if mallet:
        adapter.environment.rink.mallets[0].put(*mallet)
    recorder.start(adapter)
    for _ in range(turns):
        adapter.step({0: STILL, 1: STILL})
        recorder.turn(adapter, -1)
    return decode_trajectory(recorder.finish())


def words(found):
    return [label for label in found["labels"] if label]


def across(body, frames):
    return untrack(body["x"], frames)


def test_the_trail_shows_where_the_puck_was_and_is_gathered_at_a_faceoff():
    found = shot(3.0, 0.7, 12.0, 8)
    frames = found["turns"] + 1
    *trail, puck = [body for body in found["bodies"] if body["seat"] is None]
    places = across(puck, frames)
    faceoff = next(frame for frame, label in enumerate(found["labels"]) if "Faceoff" in label)
    for back, body in zip((4, 3, 2, 1), trail, strict=True):
        for frame, x in enumerate(across(body, frames)):
            since = faceoff if frame >= faceoff else 0
            assert x == places[max(since, frame - back)]


def test_words_tell_of_a_goal_and_who_gets_the_puck():
    found = shot(4.0, 0.7, 12.0, 6)
    assert words(found) == ["Goal for Orange, 1:0", "Faceoff: Blue gets the puck"]


def test_words_tell_of_a_save_but_not_of_a_puck_that_misses():
    assert words(shot(-2.0, 0.0, -9.0, 8, mallet=(-4.0, 0.0))) == ["Save by Orange"]
    assert words(shot(-2.0, 2.0, -9.0, 8, mallet=(-4.0, 2.0))) == []
    assert words(shot(-1.0, -0.9, -9.0, 9, mallet=(-4.0, 2.0), spin=20.0)) == []  # its spin turns it aside


def test_words_tell_who_held_the_puck_too_long():
    assert words(shot(-2.0, 2.0, 0.0, 102)) == ["Held too long: Blue gets the puck"]


def test_a_game_of_four_is_recorded_in_few_bytes_in_the_colours_of_the_sides():
    spec = spec_named("coliseum/air_hockey_2v2-v1")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    play(adapter, [baseline(spec, "guard")] * 4, 3, recorder)
    stored = recorder.finish()
    found = decode_trajectory(stored)
    assert len(stored) < 50_000
    assert len(set(found["colours"])) == 4
    assert [body["seat"] for body in found["bodies"]] == [None] * 5 + [0, 1, 2, 3]
    assert found["bounds"] == [-6.85, -3.75, 6.85, 3.75]
