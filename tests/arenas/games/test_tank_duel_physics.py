"""Tank duel, the rules of the field: walls, shells, armour, the storm, and who has won."""

import warnings
from itertools import pairwise
from math import cos, hypot, pi, sin

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.arenas.games.tank_rounds import AHEAD, FIRE, IDLE, Drawn, build, new_duel, open_duel, random_orders

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Box2D's own, as in `open_arena`.
    from arenas.games.tank_duel import field, physics
    from arenas.games.tank_duel.field import Field
    from arenas.games.tank_duel.hiding import put
    from arenas.games.tank_duel.physics import Duel, Shell
    from arenas.games.tank_duel.sight import seen_by


@given(st.integers(0, 2**32))
@settings(max_examples=25, deadline=None)
def test_walls_are_point_symmetric_with_room_to_drive_to_everywhere(seed):
    duel = new_duel(seed)
    blocks = duel.field.blocks
    assert len(blocks) >= 2
    assert {(-c, -d, -a, -b) for a, b, c, d in blocks} == set(blocks)
    for one, two in ((a, b) for i, a in enumerate(blocks) for b in blocks[:i]):
        assert max(one[0] - two[2], two[0] - one[2], one[1] - two[3], two[1] - one[3]) >= field.GAP
    for left, bottom, right, top in blocks:
        assert left >= field.GAP - field.HALF_LENGTH
        assert right <= field.HALF_LENGTH - field.GAP
        assert bottom >= field.GAP - field.HALF_WIDTH
        assert top <= field.HALF_WIDTH - field.GAP
        for tank in duel.tanks:
            assert max(left - tank.x, tank.x - right, bottom - tank.y, tank.y - top) >= field.START_ROOM
    assert not any(duel.field.is_wall(x, y) for x in (-1.5, 0.5) for y in (-1.5, 0.5))


@given(
    st.integers(0, 1000),
    st.tuples(*[st.floats(-1, 1)] * 2),
    st.floats(0, 2 * pi),
    st.floats(0.1, 20.0),
)
@settings(max_examples=60, deadline=None)
def test_a_line_ends_where_small_steps_along_it_meet_a_wall(seed, at, way, most):
    walls = new_duel(seed).field
    x, y = at
    assume(min(abs(cos(way)), abs(sin(way))) > 1e-3)  # along a face one may see it or not
    far, is_across = walls.reach(x, y, cos(way), sin(way), most)
    assert 0 <= far <= most
    steps = np.arange(0.0, far - 1e-9, 0.05)
    assert not any(walls.is_wall(x + step * cos(way), y + step * sin(way)) for step in steps)
    if far < most:
        beyond = far + 1e-4
        assert walls.is_wall(x + beyond * cos(way), y + beyond * sin(way))
        edge = x + far * cos(way) if is_across else y + far * sin(way)
        assert edge == pytest.approx(round(edge), abs=1e-6)


@given(st.integers(0, 10_000), st.tuples(st.floats(0, 1), st.floats(0, 1)))
@settings(max_examples=8, deadline=None)
def test_of_two_starts_drawn_equally_often_with_orders_changed_one_mirrors_the_other(seed, headings):
    here, there = Duel(Drawn(seed, headings)), Duel(Drawn(seed, headings[::-1]))
    for one, two in random_orders(np.random.default_rng(seed), 80):
        np.testing.assert_allclose(seen_by(here, 0), seen_by(there, 1), atol=2e-2)
        np.testing.assert_allclose(seen_by(here, 1), seen_by(there, 0), atol=2e-2)
        here.play(one, two)
        there.play(two, one)
        for tank, image in zip(here.tanks, reversed(there.tanks), strict=True):
            assert (tank.x, tank.y) == pytest.approx((-image.x, -image.y), abs=2e-3)
            assert (tank.cos, tank.sin) == pytest.approx((-image.cos, -image.sin), abs=2e-3)
            assert tank.armour == image.armour


@pytest.mark.parametrize(
    ("angle", "side"), [(pi, "front"), (0.0, "rear"), (pi / 2, "side"), (-pi / 2, "side"), (2.9, "front")]
)
def test_a_hit_takes_what_the_side_is_worth(angle, side):
    duel = open_duel()
    put(duel.tanks[1], 4.0, 0.0, angle)
    duel.play(FIRE, IDLE)
    assert [event.kind for event in duel.events] == ["fire"]
    for _ in range(20):
        duel.play(IDLE, IDLE)
        if duel.events:
            break
    assert [event.kind for event in duel.events] == [side]
    assert duel.tanks[1].armour == physics.ARMOUR - physics.DAMAGE[side]
    assert (duel.damage(0), duel.damage(1)) == (0.0, physics.DAMAGE[side])
    assert duel.shells == []
    assert duel.tanks[0].armour == physics.ARMOUR


@given(st.floats(-pi, pi), st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 2 * pi))
@settings(max_examples=80, deadline=None)
def test_a_shell_meets_the_hull_where_small_steps_along_its_way_do(angle, x, y, way):
    duel = open_duel()
    tank = duel.tanks[0]
    put(tank, 0.3, -0.2, angle)
    met = tank.hit_by(x, y, cos(way), sin(way), 5.0)
    steps = np.arange(0.0, 5.0, 0.01)
    px, py = x + steps * cos(way) - tank.x, y + steps * sin(way) - tank.y
    ahead, left = px * tank.cos + py * tank.sin, py * tank.cos - px * tank.sin
    inside = (abs(ahead) < physics.LENGTH / 2 - 0.01) & (abs(left) < physics.WIDTH / 2 - 0.01)
    if inside.any():
        assert met is not None
        assert met[0] <= steps[inside.argmax()] + 1e-6
    if met is not None:
        far = met[0]
        ahead = (x + far * cos(way) - tank.x) * tank.cos + (y + far * sin(way) - tank.y) * tank.sin
        assert abs(ahead) <= physics.LENGTH / 2 + 1e-6
        if far > 0 and met[1] != "side":
            assert ahead == pytest.approx(physics.LENGTH / 2 * (1 if met[1] == "front" else -1))


def test_a_shell_comes_off_a_wall_once_and_bursts_at_the_next():
    duel = open_duel()
    shell = Shell(0, 0.0, 0.0, (0.6, 0.8))
    duel.tanks[1].x = duel.tanks[0].x = -50.0
    duel.shells = [shell]
    kinds, speeds = [], []
    while duel.shells:
        before = shell.x, shell.y
        duel.fly(shell) or duel.shells.clear()
        speeds.append(hypot(shell.x - before[0], shell.y - before[1]))
    kinds = [event.kind for event in duel.events]
    assert kinds == ["ricochet", "burst"]
    bounce, end = duel.events
    assert (bounce.x, bounce.y) == pytest.approx((5.25, 7.0), abs=1e-4)
    assert (end.x, end.y) == pytest.approx((9.0, 2.0), abs=1e-4)
    assert speeds[0] == pytest.approx(physics.SHELL_SPEED * physics.TURN_SECONDS)


def test_a_shell_that_meets_nothing_is_gone_in_the_end():
    duel = open_duel()
    duel.tanks[1].x = duel.tanks[0].x = -50.0
    build(duel, (-9, -7, -8, 7))
    shell = Shell(0, -7.9, -6.9, (cos(0.68), sin(0.68)))
    turns = 1
    while duel.fly(shell):
        turns += 1
    assert turns <= physics.SHELL_TURNS


def test_ones_own_shell_hurts_only_after_it_came_off_a_wall():
    duel = open_duel(-4.0, 4.0)
    put(duel.tanks[1], -4.0, 5.0, 0.0)
    put(duel.tanks[0], 6.0, 0.0, 0.0)
    duel.play(FIRE, IDLE)
    told = []
    for _ in range(15):
        duel.play(IDLE, IDLE)
        told += [(event.kind, event.tank) for event in duel.events]
    assert told == [("ricochet", 0), ("front", 0)]
    assert duel.tanks[0].armour == physics.ARMOUR - 1


def test_a_gun_needs_its_time_to_load():
    duel = open_duel()
    put(duel.tanks[1], -4.0, 5.0, 0.0)
    shots = []
    for turn in range(70):
        duel.play(FIRE, IDLE)
        shots += [turn for event in duel.events if event.kind == "fire"]
    assert shots == [0, 31, 62]
    assert new_duel().tanks[0].loading == physics.RELOAD_TURNS


def test_the_turret_turns_with_the_hull_and_on_its_own():
    duel = open_duel()
    tank = duel.tanks[0]
    for _ in range(10):
        duel.play((0.0, 1.0, 0.0, False), IDLE)
    assert tank.angle > 0.5
    assert (tank.gaze_cos, tank.gaze_sin) == pytest.approx((tank.cos, tank.sin))
    for _ in range(10):
        duel.play((0.0, 0.0, -1.0, False), IDLE)
    assert tank.turret == pytest.approx(-10 * physics.TURRET_RATE * physics.TURN_SECONDS)
    assert tank.gaze_cos == pytest.approx(cos(tank.angle + tank.turret))


def test_tanks_reach_their_speeds_and_stay_out_of_walls_and_of_each_other():
    duel = open_duel(-8.0, 8.0)
    speeds = []
    for _ in range(60):
        duel.play(AHEAD, AHEAD)
        speeds.append(duel.tanks[0].vx)
        assert duel.tanks[1].x - duel.tanks[0].x > physics.LENGTH - 0.05
    assert max(speeds) == pytest.approx(physics.SPEED, abs=0.01)
    assert abs(speeds[-1]) < 0.3  # front against front they hold each other
    for seed in range(4):
        duel = new_duel(seed)
        for one, two in random_orders(np.random.default_rng(seed), 150):
            duel.play(one, two)
            for tank in duel.tanks:
                least = min(
                    hypot(max(a - tank.x, 0, tank.x - c), max(b - tank.y, 0, tank.y - d))
                    for a, b, c, d in (*field.rim(), *duel.field.blocks)
                )
                assert least > physics.WIDTH / 2 - 0.05


def test_the_storm_comes_when_the_view_says_so_and_takes_more_further_out():
    duel = open_duel(-8.5, 2.0)
    told, seconds = duel.next_storm()
    assert (told, seconds) == (9.0, 15.0)
    put(duel.tanks[0], -8.5, 6.5, 0.0)
    radii = []
    duel.turn = physics.CALM_TURNS - 1
    for _ in range(physics.STORM_EVERY):
        duel.play(IDLE, IDLE)
        radii.append(duel.radius)
    assert set(radii) == {9.0}
    depth = hypot(8.5, 6.5) - 9.0
    taken = physics.STORM + physics.STORM_DEPTH * depth
    seconds = physics.STORM_EVERY * physics.TURN_SECONDS
    assert duel.tanks[0].armour == pytest.approx(physics.ARMOUR - taken * seconds, abs=1e-3)
    assert duel.tanks[1].armour == physics.ARMOUR
    duel.play(IDLE, IDLE)
    assert duel.radius == 8.0
    told = [smaller for smaller, _ in pairwise(physics.RADII)]
    assert told == sorted(told, reverse=True)


def test_a_round_always_ends_for_the_storm_leaves_no_room():
    duel = open_duel(-1.5, 1.5)
    while duel.winner() is None:
        duel.play(IDLE, IDLE)
    assert duel.turn < physics.MOST_TURNS
    assert duel.next_storm() == (0.0, 0.0)
    assert duel.winner() == -1  # both did nothing, equally near to the middle


def test_who_is_destroyed_loses_and_of_two_the_one_further_from_the_middle():
    duel = open_duel(-4.0, 3.0)
    one, two = duel.tanks
    assert duel.winner() is None
    one.armour = 0.0
    assert duel.winner() == 1
    two.armour = -2.0
    assert duel.winner() == 1
    put(two, 5.0, 0.0, 0.0)
    assert duel.winner() == 0
    put(two, 4.0, 0.0, 0.0)
    assert duel.winner() == -1


def test_a_field_is_built_around_the_starts_it_is_given():
    walls = Field([0.5] * (3 * field.TRIES), (-7.0, 0.0))
    assert walls.blocks == []  # in the middle, which stays clear
    walls = Field([0.0] * (3 * field.TRIES), (-7.0, 5.0))
    assert walls.blocks == [(-7, -5, -6, -2), (6, 2, 7, 5)]
