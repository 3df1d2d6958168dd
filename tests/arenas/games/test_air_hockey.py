"""Air hockey: the rules of the table, the same game from the same seed, and no end better than the other."""

import warnings
from math import hypot, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.arenas.games.rounds import fingerprint, fingerprint_elsewhere

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Box2D's own, as in `open_arena`.
    from pettingzoo.test import parallel_api_test, parallel_seed_test

    from arenas.games.air_hockey import physics
    from arenas.games.air_hockey.drawing import ICE, MALLETS, PUCK
    from arenas.games.air_hockey.env import CHOICES, SEATS, AirHockey, views_of
    from arenas.games.air_hockey.figures import FIGURES, FOLDER
    from arenas.games.air_hockey.physics import Rink

ONE, TWO = SEATS[1]
STILL = ((0.0, 0.0), (0.0, 0.0))
SEEDS = st.integers(0, 2**32 - 1)

TURNS = 300
"""Of a game that are looked at for its fingerprint."""


def new_rink(seed=1, side=1):
    return Rink(np.random.default_rng(seed), side)


def shoot(puck, x, y, vx, vy=0.0, spin=0.0):
    """Let the puck fly from a place."""
    puck.put(x, y)
    puck.body.linearVelocity, puck.body.angularVelocity = (vx, vy), spin
    puck.read()


def chasing(rink, rng):
    """Return orders of mallets that run at the puck, not straight, and now and then anywhere."""
    orders = []
    for mallet in rink.mallets:
        way = rng.uniform(-1, 1, 2) * 5
        if rng.random() < 0.8:
            way = way * 0.3 + 6 * np.array([rink.puck.x - mallet.x, rink.puck.y - mallet.y])
        way = way / max(1.0, hypot(*way) / physics.SPEED)
        orders.append((float(way[0]), float(way[1])))
    return tuple(orders)


class Turned:
    """Draws what the image of a game draws: the other way where a side or a way is drawn."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def uniform(self, low, high):
        return self.rng.uniform(low, high)

    def integers(self, high):
        return high - 1 - self.rng.integers(high)


@pytest.mark.parametrize(("continuous", "side"), [(True, 1), (False, 1), (True, 2)])
def test_pettingzoos_own_tests_pass(continuous, side, capsys):
    parallel_api_test(AirHockey(continuous, side), num_cycles=300)
    parallel_seed_test(lambda: AirHockey(continuous, side), num_cycles=100)


def test_a_seed_gives_the_same_game_again_after_another_game_and_in_another_process():
    environment = AirHockey()
    first = fingerprint(environment, 7, TURNS)
    assert fingerprint(environment, 8, TURNS) != first
    assert fingerprint(environment, 7, TURNS) == first
    assert fingerprint_elsewhere("arenas.games.air_hockey.env:AirHockey", 7, TURNS) == first


def test_without_a_seed_the_next_game_is_another_one():
    environment = AirHockey()
    first, _ = environment.reset(seed=3)
    second, _ = environment.reset()
    assert not np.array_equal(first[ONE], second[ONE])


@settings(max_examples=12)
@given(seed=SEEDS, side=st.sampled_from([1, 2]))
def test_the_image_of_a_game_is_the_same_game_with_the_seats_changed_to_the_last_bit(seed, side):
    here, there = Rink(np.random.default_rng(seed), side), Rink(Turned(seed), side)
    rng = np.random.default_rng(seed)
    for _ in range(250):
        orders = chasing(here, rng)
        turned = tuple((-x, -y) for x, y in (*orders[side:], *orders[:side]))
        scored, mirrored = here.play(orders), there.play(turned)
        assert mirrored == (None if scored is None else 1 - scored)
        seen, image = views_of(here), views_of(there)
        for own, other in zip(seen, image[side:] + image[:side], strict=True):
            assert np.array_equal(own, other)
        if here.winner() is not None:
            break
    assert here.goals == there.goals[::-1]


def test_both_seats_begin_with_the_same_view_but_for_the_way_the_puck_goes():
    environment = AirHockey()
    ways = []
    for seed in range(40):
        seen, _ = environment.reset(seed=seed)
        assert seen[ONE][11] == -seen[TWO][11]
        ways.append(seen[ONE][11] > 0)
        for view in seen.values():
            view[11] = abs(view[11])
        np.testing.assert_array_equal(seen[ONE], seen[TWO])
    assert 10 < sum(ways) < 30


@settings(max_examples=15)
@given(seed=SEEDS, side=st.sampled_from([1, 2]))
def test_mallets_keep_to_their_half_and_the_puck_to_the_table(seed, side):
    rink, rng = new_rink(seed, side), np.random.default_rng(seed)
    length, width = physics.HALF_LENGTH[side], physics.HALF_WIDTH[side]
    corner = physics.CORNER - physics.MALLET
    for turn in range(150):
        if turn % 10 == 0:
            steady = [tuple(5 * rng.choice([-1.0, 0.0, 1.0], 2)) for _ in rink.mallets]
        orders = chasing(rink, rng) if turn % 50 < 25 else tuple(steady)
        rink.play(orders)
        puck = rink.puck
        assert abs(puck.y) < width - physics.PUCK + 0.05
        assert abs(puck.x) < length + 2 * physics.PUCK_SPEED * 0.025
        for mallet in rink.mallets:
            forward = mallet.x if mallet.team == 0 else -mallet.x
            slack = 0.05 if side == 1 else 0.2  # mates push each other
            assert -length + physics.MALLET - slack < forward < -physics.MALLET + slack
            assert abs(mallet.y) < width - physics.MALLET + slack
            out = (abs(mallet.x) - length + physics.CORNER, abs(mallet.y) - width + physics.CORNER)
            assert min(out) < 0 or hypot(*out) < corner + slack
        if rink.winner() is not None:
            break


def test_a_goal_pays_the_side_that_scores_and_gives_the_other_the_puck():
    environment = AirHockey()
    environment.reset(seed=1)
    rink = environment.rink
    orders = dict.fromkeys(SEATS[1], np.zeros(2, np.float32))
    shoot(rink.puck, 4.2, 0.7, 12.0)
    seen, rewards, *_ = environment.step(orders)
    while not any(rewards.values()):
        seen, rewards, *_ = environment.step(orders)
    assert rewards == {ONE: 1.0, TWO: -1.0}
    assert seen[ONE][8] > 5.0  # the puck lies in the pocket
    assert seen[ONE][13:15].tolist() == seen[TWO][14:12:-1].tolist() == [1, 0]
    seen, rewards, *_ = environment.step(orders)
    assert rewards == {ONE: 0.0, TWO: 0.0}
    assert seen[TWO][8] == pytest.approx(-physics.SPOT)
    assert abs(seen[TWO][9]) <= physics.SPOT_SPREAD


def test_three_goals_win_and_end_the_game():
    environment = AirHockey()
    environment.reset(seed=1)
    orders = dict.fromkeys(SEATS[1], np.zeros(2, np.float32))
    earned = 0.0
    while environment.agents:
        shoot(environment.rink.puck, -4.8, 0.5, -9.0)
        _, rewards, terminations, truncations, _ = environment.step(orders)
        earned += rewards[TWO]
    assert environment.rink.goals == [0, 3]
    assert earned == 3.0
    assert all(terminations.values())
    assert not any(truncations.values())


def test_after_regular_time_the_leader_wins_else_the_next_goal_and_at_last_it_is_a_draw():
    rink = new_rink()
    rink.turn, rink.goals = physics.REGULAR_TURNS - 1, [1, 0]
    assert rink.winner() is None
    rink.turn += 1
    assert rink.winner() == 0
    rink.goals = [1, 1]
    assert rink.winner() is None
    rink.goals = [1, 2]
    assert rink.winner() == 1
    rink.goals, rink.turn = [2, 2], physics.REGULAR_TURNS + physics.SUDDEN_TURNS - 1
    assert rink.winner() is None
    rink.turn += 1
    assert rink.winner() == -1


@pytest.mark.parametrize("side", [0, 1])
def test_who_keeps_the_puck_five_seconds_loses_it_to_the_other(side):
    rink = new_rink()
    shoot(rink.puck, -2.0 if side == 0 else 2.0, 2.0, 0.0)
    rink.play(STILL)
    seconds, *_ = rink.clocks()
    assert seconds == pytest.approx(4.95)
    for _ in range(round(seconds / physics.TURN_SECONDS)):
        assert rink.faceoffs == 1
        rink.play(STILL)
    rink.play(STILL)
    assert (rink.faceoffs, rink.reason) == (2, "clock")
    assert rink.puck.x == pytest.approx(physics.SPOT if side == 0 else -physics.SPOT)


def test_a_puck_left_on_the_middle_line_is_given_to_a_side_that_is_drawn():
    given_to = []
    for seed in range(12):
        rink = new_rink(seed)
        for _ in range(physics.CLOCK_TURNS + 1):
            rink.play(STILL)
        assert rink.faceoffs == 2
        given_to.append(rink.puck.x > 0)
    assert 0 < sum(given_to) < 12


def curved(spin):
    """Return how far to the left a puck with this spin is after a second straight ahead."""
    rink = new_rink()
    shoot(rink.puck, -3.0, 0.0, 5.0, 0.0, spin)
    rink.mallets[1].put(4.0, 2.0)
    for _ in range(20):
        rink.play(STILL)
    return rink.puck.y


def test_a_puck_curves_the_way_it_spins():
    assert curved(15.0) > 0.8
    assert curved(0.0) == 0.0
    assert curved(-15.0) == -curved(15.0)


def test_a_cushion_throws_the_puck_back_and_gives_it_spin():
    rink = new_rink()
    shoot(rink.puck, -1.0, 1.5, 4.0, 8.0)
    for _ in range(5):
        rink.play(STILL)
    assert -8.0 < rink.puck.vy < -6.0
    assert rink.puck.vx < 4.0
    assert rink.puck.spin > 3.0  # it rolls along the upper cushion


def test_a_mallet_that_runs_into_the_puck_makes_it_faster_than_itself():
    rink = new_rink()
    shoot(rink.puck, -2.0, 0.0, 0.0)
    while rink.puck.x < -1.0:
        rink.play(((5.0, 0.0), (0.0, 0.0)))
        assert hypot(rink.mallets[0].vx, rink.mallets[0].vy) < physics.SPEED + 1e-3
    assert 1.2 * physics.SPEED < rink.puck.vx < 2 * physics.SPEED


def test_a_mallet_needs_five_turns_to_its_greatest_speed():
    rink = new_rink()
    shoot(rink.puck, 3.0, 2.0, 0.0)
    speeds = []
    for _ in range(6):
        rink.play(((0.0, 5.0), (0.0, 0.0)))
        speeds.append(rink.mallets[0].vy)
    np.testing.assert_allclose(speeds[:5], [1, 2, 3, 4, 5], atol=1e-4)


def test_mates_share_every_reward_and_see_each_other_first():
    environment = AirHockey(side=2)
    environment.reset(seed=2)
    rink = environment.rink
    orders = dict.fromkeys(SEATS[2], np.zeros(2, np.float32))
    shoot(rink.puck, 6.2, 0.2, 12.0)
    for mallet, (x, y) in zip(rink.mallets, [(-1, 2), (-2, 1), (3, 3), (4, -1)], strict=True):
        mallet.put(x, y)
    seen, rewards, *_ = environment.step(orders)
    assert list(rewards.values()) == [1.0, 1.0, -1.0, -1.0]
    places = {name: view[[0, 1, 4, 5, 8, 9, 12, 13]].round(3).tolist() for name, view in seen.items()}
    assert places["first_0"] == [-1, 2, -2, 1, 3, 3, 4, -1]
    assert places["first_1"] == [-2, 1, -1, 2, 3, 3, 4, -1]
    assert places["second_1"] == [-4, 1, -3, -3, 1, -2, 2, -1]


def test_a_choice_is_the_order_it_stands_for():
    plain, chosen = AirHockey(), AirHockey(continuous=False)
    plain.reset(seed=5)
    chosen.reset(seed=5)
    for one, two in np.random.default_rng(5).integers(0, 9, (60, 2)).tolist():
        seen, *_ = plain.step({ONE: np.array(CHOICES[one]), TWO: np.array(CHOICES[two])})
        same, *_ = chosen.step({ONE: one, TWO: two})
        np.testing.assert_array_equal(seen[ONE], same[ONE])


def test_what_is_asked_beyond_the_bounds_is_cut_and_what_means_nothing_refused():
    wild, tame = AirHockey(), AirHockey()
    wild.reset(seed=6)
    tame.reset(seed=6)
    far = wild.step(dict.fromkeys(SEATS[1], np.array([9, -9], np.float32)))[0]
    near = tame.step(dict.fromkeys(SEATS[1], (1.0, -1.0)))[0]
    np.testing.assert_array_equal(far[ONE], near[ONE])
    with pytest.raises(ValueError, match="two numbers from -1 to 1, not"):
        wild.step({ONE: np.array([nan, 0.0]), TWO: np.zeros(2)})
    chosen = AirHockey(continuous=False)
    chosen.reset(seed=6)
    for wrong in (-1, 9):
        with pytest.raises(ValueError, match=f"0 to 8, not {wrong}"):
            chosen.step({ONE: wrong, TWO: 0})
    with pytest.raises(KeyError):
        chosen.step({ONE: 0})
    with pytest.raises(ValueError, match="1 or 2 mallets, not 3"):
        AirHockey(side=3)


def test_a_step_outside_a_game_is_refused():
    environment = AirHockey()
    orders = dict.fromkeys(SEATS[1], np.zeros(2, np.float32))
    with pytest.raises(RuntimeError, match="Call reset first"):
        environment.step(orders)
    environment.reset(seed=1)
    environment.close()
    with pytest.raises(RuntimeError, match="Call reset first"):
        environment.step(orders)


@pytest.mark.parametrize("side", [1, 2])
def test_the_picture_shows_ice_puck_and_mallets(side):
    environment = AirHockey(side=side, render_mode="rgb_array")
    assert environment.render() is None
    environment.reset(seed=1)
    picture = environment.render()
    assert picture.shape[1:] == (640, 3)
    assert picture.dtype == np.uint8
    colours = {tuple(colour) for colour in picture.reshape(-1, 3).tolist()}
    assert {*MALLETS, ICE, PUCK} <= colours
    assert AirHockey().render() is None
    with pytest.raises(ValueError, match="not 'human'"):
        AirHockey(render_mode="human")


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_of_the_rules_show_the_numbers_of_the_physics(name):
    stored = FOLDER / f"{name}.svg"
    assert stored.read_text(encoding="utf-8") == FIGURES[name](), (
        "run python -m arenas.games.air_hockey.figures"
    )
