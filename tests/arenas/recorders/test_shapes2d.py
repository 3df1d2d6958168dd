"""Shapes: the tracks are where the environment's bodies really were."""

from dataclasses import replace

import numpy as np
import pytest

from arenas.adapters import open_arena
from arenas.recorders import recorder_for
from arenas.recorders.shapes2d import ShapesRecorder
from arenas.trajectory import decode_trajectory, untrack
from tests.arenas.games.harness import baseline, play, spec_named

CENTRES = {
    "LunarLander-v3": lambda env: [tuple(env.lander.position)],
    "BipedalWalker-v3": lambda env: [tuple(env.hull.position)],
    "multiwalker-v9": lambda env: [tuple(w.hull.position) for w in env.env.walkers if w.hull is not None],
    "simple_tag-v3": lambda env: [tuple(agent.state.p_pos) for agent in env.world.agents],
    "simple_spread-v3": lambda env: [tuple(agent.state.p_pos) for agent in env.world.agents],
    "CartPole-v1": lambda env: [(env.state[0], 0.3)],
    "Acrobot-v1": lambda env: [(np.sin(env.state[0]), -np.cos(env.state[0]))],
    "Pendulum-v1": lambda env: [(0, 0)],
    "MountainCar-v0": lambda env: [(env.state[0], np.sin(3 * env.state[0]) * 0.45 + 0.55)],
    "coliseum/sumo-v1": lambda env: [(machine.x, machine.y) for machine in env.bout.machines],
    "pistonball-v6": lambda env: [
        (body.position.x, env.screen_height - body.position.y) for body in [*env.pistonList, env.ball]
    ],
}


def at(body, frame):
    """Return where a decoded body is in a frame, or None where it is not there."""
    if not body["from"] <= frame <= body["to"]:
        return None
    length = body["to"] - body["from"] + 1
    return [untrack(body[axis], length)[frame - body["from"]] for axis in ("x", "y")]


@pytest.mark.parametrize("arena", CENTRES)
def test_tracks_decode_to_the_real_positions(arena):
    spec = spec_named(arena)
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    assert isinstance(recorder, ShapesRecorder)
    rng = np.random.default_rng(2)
    adapter.reset(2)
    recorder.start(adapter)
    seen = [CENTRES[arena](adapter.environment)]
    while not adapter.is_over:
        adapter.step({asked.seat: adapter.random_action(asked.seat, rng) for asked in adapter.asked()})
        recorder.turn(adapter, -1)
        seen.append(CENTRES[arena](adapter.environment))
    found = decode_trajectory(recorder.finish())
    assert found["turns"] == adapter.turns == len(seen) - 1
    for frame, centres in enumerate(seen):
        drawn = [place for body in found["bodies"] if (place := at(body, frame))]
        for centre in centres:
            assert min(np.abs(np.array(drawn) - centre).max(axis=1)) <= 0.00051
    for seat in range(spec.seats):
        assert untrack(found["rewards"][seat], len(seen))[-1] == pytest.approx(
            adapter.rewards[seat], abs=1e-3
        )


@pytest.mark.parametrize(
    ("arena", "seats"),
    [
        ("LunarLander-v3", {0}),
        ("BipedalWalker-v3", {0}),
        ("multiwalker-v9", {0, 1, 2, None}),
        ("simple_tag-v3", {0, 1, 2, 3}),
        ("CartPole-v1", {0}),
        ("Acrobot-v1", {0}),
        ("Pendulum-v1", {0}),
        ("MountainCarContinuous-v0", {0}),
        ("coliseum/sumo-v1", {0, 1, None}),
        ("pistonball-v6", {*range(20), None}),
    ],
)
def test_bodies_know_their_seat(arena, seats):
    found = record(arena, "random")
    assert {body["seat"] for body in found["bodies"]} == seats
    assert found["static"]


def test_a_walker_has_five_bodies_and_the_package_belongs_to_nobody():
    found = record("multiwalker-v9", "random")
    whole = [body for body in found["bodies"] if body["from"] == 0]
    assert [sum(body["seat"] == seat for body in whole) for seat in (0, 1, 2, None)] == [5, 5, 5, 1]
    assert found["bounds"] == "follow"


def test_a_world_that_fits_on_a_screen_has_bounds():
    left, bottom, right, top = record("LunarLander-v3", "random")["bounds"]
    assert (left, bottom, right) == (0, 0, 20)
    assert 13 < top < 16


def test_shapes_are_complete_and_their_colours_are_hexadecimal():
    for arena in CENTRES:
        found = record(arena, "random")
        shapes = [shape for body in found["bodies"] for shape in body["shapes"]] + found["static"]
        for shape in shapes:
            assert shape["kind"] in {"polygon", "line", "circle"}
            for colour in (shape["fill"], shape["stroke"]):
                assert len(colour) == 7
                assert int(colour[1:], 16) >= 0
            if shape["kind"] == "circle":
                assert shape["r"] > 0
            else:
                assert len(shape["points"]) >= 2


def test_a_second_episode_forgets_the_first():
    spec = spec_named("LunarLander-v3")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    module = baseline(spec, "random")
    play(adapter, [module], 1, recorder)
    first = recorder.finish()
    play(adapter, [module], 2, recorder)
    assert recorder.finish() != first
    play(adapter, [module], 1, recorder)
    assert recorder.finish() == first


def test_a_long_walk_stays_under_fifty_kilobytes():
    spec = spec_named("BipedalWalker-v3")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    adapter.reset(0)
    recorder.start(adapter)
    rng = np.random.default_rng(0)
    while not adapter.is_over and adapter.turns < 400:
        adapter.step({0: 0.3 * adapter.random_action(0, rng)})
        recorder.turn(adapter, 0)
    assert len(recorder.finish()) < 50_000


def record(arena, name):
    """Return the decoded trajectory of one episode."""
    spec = spec_named(arena)
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    play(adapter, [baseline(spec, name)] * spec.seats, 4, recorder)
    return decode_trajectory(recorder.finish())


def test_pistons_stand_in_seat_order_and_the_ball_is_drawn_over_them():
    found = record("pistonball-v6", "roll")
    assert [body["seat"] for body in found["bodies"]] == [*range(20), None]
    assert [body["x"] for body in found["bodies"][:3]] == [45_000, 85_000, 125_000]
    ball = found["bodies"][-1]
    length = found["turns"] + 1
    across, angle = untrack(ball["x"], length), untrack(ball["angle"], length)
    assert across[-1] < 200 < 700 < across[0]
    # Rolling to the left is a turn to the left: the angle grows where y runs up.
    assert angle[-1] > angle[0]
    assert min(untrack(ball["y"], length)) > 0


def test_sumos_planks_are_there_until_they_fall():
    spec = spec_named("coliseum/sumo-v1")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    adapter.reset(1)
    recorder.start(adapter)
    still = np.zeros(3, np.float32)
    radii = [adapter.environment.bout.radius]
    while not adapter.is_over:
        adapter.step({0: still, 1: still})
        recorder.turn(adapter, -1)
        radii.append(adapter.environment.bout.radius)
    found = decode_trajectory(recorder.finish())
    assert len(set(radii)) > 3
    for frame, radius in enumerate(radii):
        planks = [
            shape["r"]
            for body in found["bodies"]
            for shape in body["shapes"]
            if shape["kind"] == "circle" and body["from"] <= frame <= body["to"]
        ]
        assert max(planks) == radius
        assert planks == sorted(planks, reverse=True)


def test_a_flame_shows_behind_the_machine_that_boosts_and_is_hidden_otherwise():
    spec = spec_named("coliseum/sumo-v1")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    adapter.reset(1)
    recorder.start(adapter)
    boosts = [False]
    for _ in range(20):
        adapter.step({0: np.array([1, 0, 1], np.float32), 1: np.zeros(3, np.float32)})
        recorder.turn(adapter, -1)
        boosts.append(adapter.environment.bout.machines[0].boosts)
    found = decode_trajectory(recorder.finish())
    flames = [body for body in found["bodies"] if body["shapes"][0]["fill"] == "#ffb224"]
    machines = [body for body in found["bodies"] if body["seat"] is not None]
    assert True in boosts
    assert boosts[-1] is False
    for frame, boost in enumerate(boosts):
        gap = np.hypot(*np.subtract(at(flames[0], frame), at(machines[0], frame)))
        assert gap == pytest.approx(0.45 if boost else 0.0, abs=0.002)
        assert at(flames[1], frame) == at(machines[1], frame)


def test_a_round_of_sumo_is_recorded_in_few_bytes():
    spec = spec_named("coliseum/sumo-v1")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    play(adapter, [baseline(spec, "bulldozer"), baseline(spec, "trained")], 3, recorder)
    assert len(recorder.finish()) < 12_000


def test_a_pendulum_that_is_held_up_stands_at_angle_nothing():
    found = record("Pendulum-v1", "energy")
    (rod,) = found["bodies"]
    assert abs(np.sin(untrack(rod["angle"], 201)[-1])) < 0.05
    assert np.cos(untrack(rod["angle"], 201)[-1]) > 0


def test_the_car_that_arrives_ends_at_the_flag_on_rising_ground():
    found = record("MountainCar-v0", "rock")
    (car,) = found["bodies"]
    length = car["to"] + 1
    x, angle = untrack(car["x"], length)[-1], untrack(car["angle"], length)[-1]
    assert 0.5 <= x <= 0.6
    assert angle == pytest.approx(np.arctan(1.35 * np.cos(3 * x)), abs=3e-3)
    flag = found["static"][-1]
    assert flag["points"][0][0] == 0.5


def test_the_acrobot_that_swings_up_ends_above_the_line():
    found = record("Acrobot-v1", "pump")
    upper, lower = found["bodies"]
    length = upper["to"] + 1
    first, second = untrack(upper["angle"], length)[-1], untrack(lower["angle"], length)[-1]
    assert -np.cos(first) - np.cos(second) > found["static"][0]["points"][0][1] == 1.0


def test_a_race_has_its_track_once_and_a_view_that_follows_the_car():
    adapter = open_arena(replace(spec_named("CarRacing-v3"), max_turns=12))
    recorder = recorder_for(adapter)
    assert isinstance(recorder, ShapesRecorder)
    adapter.reset(1)
    recorder.start(adapter)
    places = [tuple(adapter.environment.car.hull.position)]
    while not adapter.is_over:
        adapter.step({0: np.array([0.2, 1.0, 0.0], np.float32)})
        recorder.turn(adapter, 0)
        places.append(tuple(adapter.environment.car.hull.position))
    stored = recorder.finish()
    found = decode_trajectory(stored)
    assert found["bounds"] == "follow"
    assert len(found["static"]) == 1 + len(adapter.environment.road_poly)
    assert len(found["bodies"]) == 5
    hull = found["bodies"][-1]
    for frame, place in enumerate(places):
        np.testing.assert_allclose([untrack(hull[axis], 13)[frame] for axis in ("x", "y")], place, atol=6e-4)
    # The player keeps all of a seat's body in view: this is how far it sees.
    view = hull["shapes"][-1]
    assert (view["fill"], view["stroke"], view["r"] > 20) == ("", "", True)
    kerbs = {shape["fill"] for shape in found["static"][1:]}
    assert {"#ffffff", "#ff0000"} < kerbs
    assert len(kerbs) == 3
    assert len(stored) < 20_000
