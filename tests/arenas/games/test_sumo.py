"""Sumo: the rules of the ring, the same round from the same seed, and nobody favoured by a seat."""

import warnings
from math import hypot

import numpy as np
import pytest

from tests.arenas.games.rounds import fingerprint, fingerprint_elsewhere

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Box2D's own, as in `open_arena`.
    from pettingzoo.test import parallel_api_test, parallel_seed_test

    from arenas.games.sumo import physics
    from arenas.games.sumo.drawing import HULLS, VOID
    from arenas.games.sumo.env import CHOICES, SEATS, Sumo
    from arenas.games.sumo.figures import FIGURES, FOLDER
    from arenas.games.sumo.physics import Bout

IDLE = (0.0, 0.0, False)
AHEAD = (1.0, 0.0, False)
BOOSTED = (1.0, 0.0, True)


def new_bout(seed=1):
    return Bout(np.random.default_rng(seed))


def put(machine, x, y, angle):
    machine.body.position, machine.body.angle = (x, y), angle
    machine.body.linearVelocity, machine.body.angularVelocity = (0, 0), 0
    machine.read()


@pytest.mark.parametrize("continuous", [True, False])
def test_pettingzoos_own_tests_pass(continuous, capsys):
    parallel_api_test(Sumo(continuous=continuous), num_cycles=500)
    parallel_seed_test(lambda: Sumo(continuous=continuous), num_cycles=100)


def test_a_seed_gives_the_same_round_again_after_another_round_and_in_another_process():
    environment = Sumo()
    first = fingerprint(environment, 7)
    assert fingerprint(environment, 8) != first
    assert fingerprint(environment, 7) == first
    assert fingerprint_elsewhere("arenas.games.sumo.env:Sumo", 7) == first


def test_without_a_seed_the_next_round_is_another_one():
    environment = Sumo()
    first, _ = environment.reset(seed=3)
    second, _ = environment.reset()
    assert not np.array_equal(first[SEATS[0]], second[SEATS[0]])


def test_both_seats_begin_with_the_same_view():
    environment = Sumo()
    for seed in range(50):
        seen, _ = environment.reset(seed=seed)
        np.testing.assert_allclose(seen[SEATS[0]], seen[SEATS[1]], atol=1e-5)


def test_the_places_and_the_order_of_the_bodies_are_drawn_evenly():
    starts = [new_bout(seed) for seed in range(400)]
    is_upper = [bout.machines[0].y > 0 for bout in starts]
    is_older = [bout.world.bodies[0] == bout.machines[0].body for bout in starts]
    assert 150 < sum(is_upper) < 250
    assert 150 < sum(is_older) < 250


class Drawn:
    """Stands for the generator: draws what it was told."""

    def __init__(self, way, order):
        self.numbers, self.order = [way, 2.5, 0.7], order

    def uniform(self, low, high):
        return self.numbers.pop(0)

    def integers(self, high):
        return self.order


def test_of_two_starts_that_are_drawn_equally_often_one_is_the_other_with_the_seats_changed():
    rng = np.random.default_rng(0)
    for way in (0.1, 1.3, 2.9):
        for order in (0, 1):
            here, there = Bout(Drawn(way, order)), Bout(Drawn(way + np.pi, 1 - order))
            while here.winner() is None:
                drawn = [(float(t), float(w), bool(b > 0)) for t, w, b in rng.uniform(-1, 1, (2, 3))]
                here.play((drawn[0], drawn[1]))
                there.play((drawn[1], drawn[0]))
            assert there.winner() == 1 - here.winner()
            one, two = here.machines[0], there.machines[1]
            assert (one.x, one.y, one.cos) == pytest.approx((two.x, two.y, two.cos), abs=1e-3)


def test_neither_seat_wins_more_often_in_random_play():
    environment, rng = Sumo(), np.random.default_rng(0)
    wins = 0
    for seed in range(400):
        environment.reset(seed=seed)
        orders = rng.uniform(-1, 1, (physics.LAST_TURN, 2, 3))
        for order in orders:
            _, rewards, *_ = environment.step(dict(zip(SEATS, order, strict=True)))
            if not environment.agents:
                break
        wins += rewards[SEATS[0]] > 0
    assert 150 < wins < 250  # five deviations of a fair coin


def test_what_is_seen_is_relative_to_the_own_machine():
    environment = Sumo()
    environment.reset(seed=1)
    one, two = environment.bout.machines
    put(one, 1.0, 0.0, np.pi / 2)
    put(two, 1.0, 2.0, np.pi)
    seen, *_ = environment.step({name: np.zeros(3, np.float32) for name in SEATS})
    view = seen[SEATS[0]]
    np.testing.assert_allclose(view[0:2], [0, 1], atol=1e-5)  # the centre is to its left
    np.testing.assert_allclose(view[6:8], [2, 0], atol=1e-5)  # the other is right ahead
    np.testing.assert_allclose(view[8:10], [0, 1], atol=1e-5)  # and looks to the left
    np.testing.assert_allclose(view[14:17], [5.0, 4.5, 119 * 0.05], atol=1e-5)


def test_who_is_out_first_loses_and_of_two_the_one_further_out():
    bout = new_bout()
    one, two = bout.machines
    assert bout.winner() is None
    put(one, 5.2, 0, 0)
    assert bout.winner() == 1
    put(two, 0, 5.1, 0)
    assert bout.winner() == 1
    put(one, 5.0001, 0, 0)
    assert bout.winner() == 0
    put(two, 0, 5.0001, 0)
    assert bout.winner() == -1


def test_rewards_come_with_the_end_and_sum_to_nothing():
    environment = Sumo()
    environment.reset(seed=1)
    put(environment.bout.machines[0], 4.99, 0, 0)
    orders = {SEATS[0]: np.array([1, 0, 1], np.float32), SEATS[1]: np.zeros(3, np.float32)}
    while environment.agents:
        _, rewards, terminations, truncations, _ = environment.step(orders)
    assert rewards == {SEATS[0]: -1.0, SEATS[1]: 1.0}
    assert all(terminations.values())
    assert not any(truncations.values())


def test_planks_fall_when_the_view_says_so():
    bout = new_bout()
    put(bout.machines[0], 0, 0, 0)
    put(bout.machines[1], 1.5, 0, 0)
    told, seconds = bout.next_fall()
    for _ in range(round(seconds / physics.TURN_SECONDS)):
        assert bout.radius == physics.RADIUS
        bout.play((IDLE, IDLE))
    assert bout.radius == told == physics.RADIUS - physics.PLANK


def test_a_round_always_ends_for_there_is_room_for_one_only():
    bout = new_bout()
    put(bout.machines[0], 0, 0.36, 0)
    put(bout.machines[1], 0, -0.36, np.pi)  # side by side, as near as they can be
    for _ in range(physics.LAST_TURN):
        assert bout.winner() is None
        bout.play((IDLE, IDLE))
    assert bout.winner() is not None


def test_machines_that_do_nothing_draw_because_their_plank_falls_under_both():
    environment = Sumo(continuous=False)
    environment.reset(seed=4)
    while environment.agents:
        _, rewards, *_ = environment.step(dict.fromkeys(SEATS, 0))
    assert set(rewards.values()) == {0.0}


def pushed(victim_angle, order=AHEAD):
    """Return how far a machine at rest is pushed within two seconds by one that stands behind its blade."""
    bout = new_bout()
    one, two = bout.machines
    put(one, -1.5, 0, 0)
    put(two, 0, 0, victim_angle)
    one.charge = 1.0
    for _ in range(40):
        bout.play((order, (0.0, 0.0, False)))
    return two.x


def test_from_the_side_a_machine_is_pushed_further_than_from_behind():
    assert pushed(np.pi / 2) > 1.5 * pushed(0.0) > 0


def test_boost_pushes_harder_and_uses_up_the_charge():
    assert pushed(np.pi / 2, BOOSTED) > pushed(np.pi / 2) + 0.2
    bout = new_bout()
    machine = bout.machines[0]
    for _ in range(10):
        bout.play((BOOSTED, IDLE))
        assert machine.boosts
    assert machine.charge < physics.DRAIN
    bout.play((BOOSTED, IDLE))
    assert not machine.boosts
    assert 0 < machine.charge < physics.DRAIN


def test_two_equal_pushes_blade_to_blade_hold_each_other():
    bout = new_bout()
    put(bout.machines[0], -0.8, 0, 0)
    put(bout.machines[1], 0.8, 0, np.pi)
    for _ in range(40):
        bout.play((AHEAD, AHEAD))
    assert abs(bout.machines[0].x + bout.machines[1].x) < 0.02


def test_machines_never_pass_through_each_other():
    bout = new_bout()
    one, two = bout.machines
    put(one, -3, 0, 0)
    put(two, 3, 0, np.pi)
    one.charge = two.charge = 1.0
    for _ in range(60):
        bout.play((BOOSTED, BOOSTED))
        assert hypot(one.x - two.x, one.y - two.y) > 1.2


def test_a_choice_is_the_order_it_stands_for():
    plain, chosen = Sumo(continuous=True), Sumo(continuous=False)
    plain.reset(seed=5)
    chosen.reset(seed=5)
    rng = np.random.default_rng(5)
    while chosen.agents and plain.agents:
        drawn = rng.integers(0, 18, 2).tolist()
        orders = [np.array([t, w, 1 if b else -1], np.float32) for t, w, b in (CHOICES[n] for n in drawn)]
        one, *_ = plain.step(dict(zip(SEATS, orders, strict=True)))
        two, *_ = chosen.step(dict(zip(SEATS, drawn, strict=True)))
        assert all(np.array_equal(one[name], two[name]) for name in SEATS)
    assert plain.agents == chosen.agents == []


def test_numbers_beyond_the_bounds_are_cut_and_choices_that_do_not_exist_refused():
    wild, tame = Sumo(), Sumo()
    wild.reset(seed=6)
    tame.reset(seed=6)
    far = wild.step(dict.fromkeys(SEATS, np.array([9, -9, 9], np.float32)))[0]
    near = tame.step(dict.fromkeys(SEATS, (1.0, -1.0, 1.0)))[0]
    np.testing.assert_array_equal(far[SEATS[0]], near[SEATS[0]])
    chosen = Sumo(continuous=False)
    chosen.reset(seed=6)
    for wrong in (-1, 18):
        with pytest.raises(ValueError, match=f"0 to 17, not {wrong}"):
            chosen.step({SEATS[0]: wrong, SEATS[1]: 0})


def test_a_step_outside_a_round_is_refused():
    environment = Sumo()
    orders = dict.fromkeys(SEATS, np.zeros(3, np.float32))
    with pytest.raises(RuntimeError, match="Call reset first"):
        environment.step(orders)
    environment.reset(seed=1)
    environment.close()
    with pytest.raises(RuntimeError, match="Call reset first"):
        environment.step(orders)


def test_the_picture_shows_both_machines_and_a_ring_that_shrinks():
    environment = Sumo(render_mode="rgb_array")
    assert environment.render() is None
    environment.reset(seed=1)
    picture = environment.render()
    assert picture.shape == (480, 480, 3)
    assert picture.dtype == np.uint8
    colours = {tuple(colour) for colour in picture.reshape(-1, 3).tolist()}
    assert {*HULLS, VOID} <= colours
    environment.bout.radius = 2.5
    assert (environment.render() == VOID).all(axis=2).sum() > 2 * (picture == VOID).all(axis=2).sum()
    assert Sumo().render() is None
    with pytest.raises(ValueError, match="not 'human'"):
        Sumo(render_mode="human")


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_of_the_rules_show_the_numbers_of_the_physics(name):
    stored = FOLDER / f"{name}.svg"
    assert stored.read_text(encoding="utf-8") == FIGURES[name](), "run python -m arenas.games.sumo.figures"
