"""Tank duel, the environment: a seed gives a round again, nothing is leaked, no seat is favoured."""

import warnings
from math import inf, nan, pi

import numpy as np
import pytest

from tests.arenas.games.rounds import fingerprint, fingerprint_elsewhere
from tests.arenas.games.tank_rounds import AHEAD, IDLE, Drawn, build, open_duel

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Box2D's own, as in `open_arena`.
    from pettingzoo.test import parallel_api_test, parallel_seed_test

    from arenas.games.tank_duel import physics, sight
    from arenas.games.tank_duel.drawing import HULLS, SAND, STORM, WALL
    from arenas.games.tank_duel.env import CHOICES, SEATS, TankDuel
    from arenas.games.tank_duel.figures import FIGURES, FOLDER
    from arenas.games.tank_duel.hiding import is_hidden, move_unseen, put
    from arenas.games.tank_duel.physics import Shell
    from arenas.games.tank_duel.sight import seen_by


@pytest.mark.parametrize("continuous", [True, False])
def test_pettingzoos_own_tests_pass(continuous, capsys):
    parallel_api_test(TankDuel(continuous=continuous), num_cycles=500)
    parallel_seed_test(lambda: TankDuel(continuous=continuous), num_cycles=100)


def test_a_seed_gives_the_same_round_again_after_another_round_and_in_another_process():
    environment = TankDuel()
    first = fingerprint(environment, 7)
    assert fingerprint(environment, 8) != first
    assert fingerprint(environment, 7) == first
    assert fingerprint_elsewhere("arenas.games.tank_duel.env:TankDuel", 7) == first


def test_without_a_seed_the_next_round_is_another_one():
    environment = TankDuel()
    first, _ = environment.reset(seed=3)
    second, _ = environment.reset()
    assert not np.array_equal(first[SEATS[0]], second[SEATS[0]])


@pytest.mark.parametrize("seed", range(3))
def test_seats_are_names_only_whoever_starts_at_the_left_the_same_round_is_played_bit_for_bit(seed):
    here, there = TankDuel(), TankDuel()
    here._rng, there._rng = Drawn(seed, (0.2, 0.9), 0), Drawn(seed, (0.2, 0.9), 1)
    seen, _ = here.reset()
    seen_there, _ = there.reset()
    rng = np.random.default_rng(seed)
    while here.agents:
        assert np.array_equal(seen[SEATS[0]], seen_there[SEATS[1]])
        assert np.array_equal(seen[SEATS[1]], seen_there[SEATS[0]])
        one, two = rng.uniform(-1, 1, (2, 4)).astype(np.float32)
        seen, rewards, *_ = here.step({SEATS[0]: one, SEATS[1]: two})
        seen_there, rewards_there, *_ = there.step({SEATS[0]: two, SEATS[1]: one})
        assert rewards[SEATS[0]] == rewards_there[SEATS[1]]
    assert there.agents == []


def test_who_starts_at_the_left_is_drawn_evenly():
    environment = TankDuel()
    lefts = []
    for seed in range(300):
        environment.reset(seed=seed)
        lefts.append(environment.left)
    assert 110 < sum(lefts) < 190


def test_what_is_seen_is_relative_to_the_own_hull():
    duel = open_duel()
    one, two = duel.tanks
    put(one, 1.0, 0.0, pi / 2, -pi / 2)
    put(two, 3.0, 0.0, pi, pi / 2)
    duel.turn = 299
    duel.play(IDLE, IDLE)
    view = seen_by(duel, 0)
    assert view.shape == (sight.NUMBERS,)
    np.testing.assert_allclose(view[0:2], [0, 1], atol=1e-4)  # the middle is to its left
    np.testing.assert_allclose(view[2:4], [0, 1], atol=1e-4)
    np.testing.assert_allclose(view[7:9], [0, -1], atol=1e-4)  # its gun looks to the right
    np.testing.assert_allclose(view[11:13], [1, 0])
    np.testing.assert_allclose(view[13:15], [0, -2], atol=1e-4)  # where the other stands,
    np.testing.assert_allclose(view[15:17], [0, 1], atol=1e-4)  # which looks at it,
    np.testing.assert_allclose(view[17:19], [-1, 0], atol=1e-4)  # its gun turned off to its left
    np.testing.assert_allclose(view[27:30], [9, 8, 2.5])
    np.testing.assert_allclose(view[30:38:2], [5, 5, 5, 5], atol=1e-4)
    np.testing.assert_allclose(view[40], 8.0, atol=1e-4)  # from x = 1 to the rim, along the gun


def test_a_tank_sees_in_its_cone_all_round_when_near_and_never_through_walls():
    duel = open_duel()
    own = duel.tanks[0]

    def is_seen(x, y):
        put(duel.tanks[1], x, y, 0.0)
        duel._look()
        return own.seen == 0

    put(own, -4.0, 0.0, 0.0)
    assert is_seen(4.0, 0.0)
    assert is_seen(-1.0, 4.5)
    assert not is_seen(-1.0, 6.0)  # beside the cone
    assert not is_seen(-7.5, 0.0)  # behind
    assert is_seen(-6.5, 0.0)  # behind, but near
    put(own, -8.0, 0.0, 0.0)
    assert not is_seen(4.5, 0.0)  # too far
    assert is_seen(3.5, 0.0)
    build(duel, (-2, -1, -1, 1))
    assert not is_seen(3.5, 0.0)
    put(own, -8.0, 0.0, pi, pi)
    assert is_seen(-3.0, 4.0)  # where the gun looks counts, not the hull


def test_where_the_other_was_last_seen_is_remembered_with_the_time_since():
    duel = open_duel(-4.0, 4.0)
    build(duel, (0, 1, 1, 4))
    duel.play(IDLE, AHEAD)
    assert seen_by(duel, 0)[11] == 1
    place = duel.tanks[1].x, duel.tanks[1].y
    put(duel.tanks[1], 4.0, 6.0, 0.0)  # behind the wall
    for _ in range(10):
        duel.play(IDLE, IDLE)
    view = seen_by(duel, 0)
    assert view[11] == 0
    assert view[12] == pytest.approx(0.5)
    np.testing.assert_allclose(view[13:15], [place[0] + 4.0, place[1]], atol=1e-3)


def test_nothing_that_a_tank_cannot_see_changes_its_view_now_or_a_turn_later():
    here, there = TankDuel(), TankDuel()
    rng = np.random.default_rng(0)
    unseen = still_unseen = told_others = 0
    for seed in range(40):
        turns = rng.uniform(-1, 1, (int(rng.integers(1, 100)), 2, 4)) * [1, 1, 1, -1]
        turns[-1, :, 3] = -1.0  # a shell that is fired now may be seen, and should
        for environment in (here, there):
            environment.reset(seed=seed)
            for pair in turns[:-1]:
                if environment.agents:
                    environment.step(dict(zip(SEATS, pair, strict=True)))
        seat = seed % 2
        own, other = SEATS[seat], SEATS[1 - seat]
        before = there.observe(other)
        move_unseen(there, seat, rng)
        assert np.array_equal(here.observe(own), there.observe(own))
        told_others += not np.array_equal(before, there.observe(other))
        if here.agents and here.duel.tanks[seat ^ here.left].seen:
            unseen += 1
            views = [env.step(dict(zip(SEATS, turns[-1], strict=True)))[0][own] for env in (here, there)]
            if views[0][11] == views[1][11] == 0:
                still_unseen += 1
                assert np.array_equal(*views)
    assert min(unseen, still_unseen, told_others) > 15


def test_an_unseen_place_is_one_that_sight_does_not_reach():
    duel = open_duel()
    assert not is_hidden(duel, duel.tanks[0], 0.0, 0.0)
    assert is_hidden(duel, duel.tanks[0], -8.0, 0.0)
    assert not is_hidden(duel, duel.tanks[0], -5.0, 0.0)  # so near that they touch
    build(duel, (-2, -1, -1, 1))
    assert is_hidden(duel, duel.tanks[0], 0.0, 0.0)


def test_the_nearest_shell_that_may_hit_is_seen_unless_a_wall_is_between():
    duel = open_duel()
    own = Shell(0, -3.0, 0.0, (1.0, 0.0))
    near, far = Shell(1, -4.0, 2.0, (0.0, -1.0)), Shell(1, 2.0, 0.0, (-1.0, 0.0))
    duel.shells = [own, far, near]
    np.testing.assert_allclose(seen_by(duel, 0)[22:27], [1, 0, 2, 0, -10], atol=1e-5)
    build(duel, (-5, 1, -3, 2))
    np.testing.assert_allclose(seen_by(duel, 0)[22:27], [1, 6, 0, -10, 0], atol=1e-5)
    build(duel, (-2, -1, -1, 1))
    assert not seen_by(duel, 0)[22:27].any()
    own.has_bounced = True
    np.testing.assert_allclose(seen_by(duel, 0)[22:27], [1, 1, 0, 10, 0], atol=1e-5)


@pytest.mark.parametrize("left", [0, 1])
def test_rewards_come_with_the_end_go_to_the_right_seat_and_sum_to_nothing(left):
    environment = TankDuel()
    environment._rng = Drawn(5, (0.5, 0.5), left)
    environment.reset()
    environment.duel.tanks[0].armour = 2.0
    environment.duel.shells = [
        Shell(1, environment.duel.tanks[0].x - 2, environment.duel.tanks[0].y, (1.0, 0.0))
    ]
    put(environment.duel.tanks[0], environment.duel.tanks[0].x, environment.duel.tanks[0].y, pi / 2)
    still = dict.fromkeys(SEATS, np.zeros(4, np.float32))
    _, rewards, _, _, told = environment.step(still)
    assert set(rewards.values()) == {0.0}
    while environment.agents:
        _, rewards, terminations, truncations, told = environment.step(still)
    loser, winner = SEATS[left], SEATS[1 - left]
    assert rewards == {loser: -1.0, winner: 1.0}
    assert told == {loser: {"dealt": 0.0, "taken": 2.0}, winner: {"dealt": 2.0, "taken": 0.0}}
    assert all(terminations.values())
    assert not any(truncations.values())


def test_a_choice_is_the_order_it_stands_for():
    plain, chosen = TankDuel(continuous=True), TankDuel(continuous=False)
    plain.reset(seed=5)
    chosen.reset(seed=5)
    rng = np.random.default_rng(5)
    for _ in range(60):
        drawn = rng.integers(0, 54, 2).tolist()
        orders = [np.array([*c[:3], 1 if c[3] else -1], np.float32) for c in (CHOICES[n] for n in drawn)]
        one, *_ = plain.step(dict(zip(SEATS, orders, strict=True)))
        two, *_ = chosen.step(dict(zip(SEATS, drawn, strict=True)))
        assert all(np.array_equal(one[name], two[name]) for name in SEATS)


def test_numbers_beyond_the_bounds_are_cut_and_what_is_no_number_does_nothing():
    def after(action):
        environment = TankDuel()
        environment.reset(seed=6)
        for _ in range(31):
            seen, *_ = environment.step({SEATS[0]: action, SEATS[1]: np.zeros(4, np.float32)})
        return seen[SEATS[0]], environment.duel

    far, near = after(np.array([9, -inf, inf, 9], np.float32)), after(np.array([1, -1, 1, 1], np.float32))
    np.testing.assert_array_equal(far[0], near[0])
    assert len(near[1].shells) + len(near[1].events) > 0
    lost, still = after(np.full(4, nan, np.float32)), after(np.zeros(4, np.float32))
    np.testing.assert_array_equal(lost[0], still[0])
    assert np.isfinite(lost[0]).all()


def test_actions_of_another_form_are_refused():
    environment = TankDuel()
    environment.reset(seed=6)
    for wrong in (np.zeros(3), np.zeros(5)):
        with pytest.raises(ValueError, match="values to unpack"):
            environment.step({SEATS[0]: wrong, SEATS[1]: np.zeros(4)})
    with pytest.raises(KeyError):
        environment.step({SEATS[0]: np.zeros(4)})
    chosen = TankDuel(continuous=False)
    chosen.reset(seed=6)
    for wrong in (-1, 54):
        with pytest.raises(ValueError, match=f"0 to 53, not {wrong}"):
            chosen.step({SEATS[0]: wrong, SEATS[1]: 0})


def test_a_step_or_a_look_outside_a_round_is_refused():
    environment = TankDuel()
    orders = dict.fromkeys(SEATS, np.zeros(4, np.float32))
    for act in (lambda: environment.step(orders), lambda: environment.observe(SEATS[0])):
        with pytest.raises(RuntimeError, match="Call reset first"):
            act()
    environment.reset(seed=1)
    environment.close()
    with pytest.raises(RuntimeError, match="Call reset first"):
        environment.step(orders)


def test_the_picture_shows_both_tanks_walls_and_the_storm():
    environment = TankDuel(render_mode="rgb_array")
    assert environment.render() is None
    environment.reset(seed=1)
    environment.duel.shells = [Shell(0, 0.0, 0.0, (1.0, 0.0))]
    environment.step(dict.fromkeys(SEATS, np.zeros(4, np.float32)))
    environment.duel.events = [physics.Event("fire", 0, 1.0, 1.0)]
    picture = environment.render()
    assert picture.shape == (384, 480, 3)
    assert picture.dtype == np.uint8
    colours = {tuple(colour) for colour in picture.reshape(-1, 3).tolist()}
    assert {*HULLS, SAND, WALL} <= colours
    assert STORM not in colours
    environment.duel.radius = 4.0
    assert (environment.render() == STORM).all(axis=2).sum() > 10_000
    assert TankDuel().render() is None
    with pytest.raises(ValueError, match="not 'human'"):
        TankDuel(render_mode="human")


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_of_the_rules_show_the_numbers_of_the_physics(name):
    stored = FOLDER / f"{name}.svg"
    told = "run python -m arenas.games.tank_duel.figures"
    assert stored.read_text(encoding="utf-8") == FIGURES[name](), told
