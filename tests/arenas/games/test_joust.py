"""Joust: the rules of the bridge, the same round from the same seed, and nobody favoured by a seat."""

import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.arenas.games.rounds import fingerprint, fingerprint_elsewhere

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Box2D's own, as in `open_arena`.
    from pettingzoo.test import parallel_api_test, parallel_seed_test

    from arenas.games.joust import physics
    from arenas.games.joust.drawing import COLOURS, SKY
    from arenas.games.joust.env import NUMBERS, SEATS, Joust, angles_of, seen_by
    from arenas.games.joust.figures import FIGURES, FOLDER
    from arenas.games.joust.gaits import CHOICES, goals_of
    from arenas.games.joust.physics import JOINTS, LAST_TURN, STANCE, Bout

from tests.arenas.games.harness import baseline, earnings, load, new_agent, spec_named

BRACE, WALK, BACK, LUNGE = range(4)
DISCRETE = "coliseum/joust_discrete-v1"


def new_bout(seed=1):
    return Bout(np.random.default_rng(seed))


def orders_of(bout, *choices):
    """Return what two choices ask of the joints."""
    return tuple(goals_of(choice, bout.walkers[seat], bout.beat(seat)) for seat, choice in enumerate(choices))


def move(walker, x=0.0, y=0.0):
    for part in walker.parts:
        part.position = (part.position.x + x, part.position.y + y)
    walker.read()


@pytest.mark.parametrize("continuous", [True, False])
def test_pettingzoos_own_tests_pass(continuous, capsys):
    parallel_api_test(Joust(continuous=continuous), num_cycles=300)
    parallel_seed_test(lambda: Joust(continuous=continuous), num_cycles=60)


def test_a_seed_gives_the_same_round_again_after_another_round_and_in_another_process():
    environment = Joust()
    first = fingerprint(environment, 7)
    assert fingerprint(environment, 8) != first
    assert fingerprint(environment, 7) == first
    assert fingerprint_elsewhere("arenas.games.joust.env:Joust", 7) == first


def test_without_a_seed_the_next_round_is_another_one():
    environment = Joust()
    first, _ = environment.reset(seed=3)
    second, _ = environment.reset()
    assert not np.array_equal(first[SEATS[0]], second[SEATS[0]])


class Drawn:
    """Stands for the generator: draws what it was told, as `Bout` asks for it."""

    def __init__(self, side, order, starts):
        self.wholes = [side, order]
        self.reals = []
        for loose, ahead, phase in starts:
            self.reals += [np.array(loose), phase]
            self.wholes.append(ahead)

    def integers(self, high):
        return self.wholes.pop(0)

    def uniform(self, low, high, size=None):
        return self.reals.pop(0)


loose = st.tuples(*[st.floats(-0.08, 0.08)] * 5)
starts = st.tuples(loose, st.integers(0, 1), st.floats(0, 6))
plays = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(1, 25)), min_size=4, max_size=8
)


@settings(max_examples=12, deadline=None)
@given(side=st.integers(0, 1), order=st.integers(0, 1), one=starts, two=starts, play=plays)
def test_of_two_starts_drawn_equally_often_one_is_bit_for_bit_the_other_with_the_seats_changed(
    side, order, one, two, play
):
    here = Bout(Drawn(side, order, (one, two)))
    there = Bout(Drawn(1 - side, 1 - order, (two, one)))
    for bout in (here, there):
        for walker in bout.walkers:  # to lance's reach, so that they meet
            move(walker, x=walker.side * 3.1)
    for choice, answer, turns in play:
        for _ in range(turns):
            here.play(orders_of(here, choice, answer))
            there.play(orders_of(there, answer, choice))
        for seat in (0, 1):
            np.testing.assert_array_equal(seen_by(here, seat), seen_by(there, 1 - seat))
    won, lost = here.winner(), there.winner()
    assert (won, lost) in {(None, None), (0, 1), (1, 0), (-1, -1)}


@settings(max_examples=12, deadline=None)
@given(order=st.integers(0, 1), one=starts, two=starts, play=plays)
def test_a_walker_sees_and_does_the_same_looking_to_the_left_as_to_the_right(order, one, two, play):
    here, there = Bout(Drawn(0, order, (one, two))), Bout(Drawn(1, order, (one, two)))
    np.testing.assert_allclose(seen_by(here, 0), seen_by(there, 0), atol=1e-5)
    assert (here.walkers[0].side, there.walkers[0].side) == (-1, 1)
    # Box2D's solver takes contacts in the order it finds them, which is not mirrored; errors of rounding grow
    # with each step of a hoof. So the mirror is tried in the air.
    for bout in (here, there):
        for walker in bout.walkers:
            move(walker, y=3.0)
    for choice, answer, _ in play[:3]:
        for _ in range(5):
            here.play(orders_of(here, choice, answer))
            there.play(orders_of(there, choice, answer))
    for seat in (0, 1):
        np.testing.assert_allclose(seen_by(here, seat), seen_by(there, seat), atol=2e-3)


def test_the_ends_and_the_order_of_the_bodies_are_drawn_evenly():
    bouts = [new_bout(seed) for seed in range(300)]
    is_left = [bout.walkers[0].side == 1 for bout in bouts]
    is_older = [bout.walkers[0].hull in bout.world.bodies[1:7] for bout in bouts]
    assert 110 < sum(is_left) < 190
    assert 110 < sum(is_older) < 190
    both = sum(left and older for left, older in zip(is_left, is_older, strict=True))
    assert 45 < both < 105


def test_one_who_stands_braced_stands():
    bout = new_bout(2)
    for _ in range(120):
        bout.play(orders_of(bout, BRACE, BRACE))
    assert bout.winner() is None
    assert all(abs(walker.angle) < 0.3 for walker in bout.walkers)


def test_the_ways_to_walk_lead_ahead_and_back():
    for way, least, most in ((WALK, 1.0, 6.0), (LUNGE, 0.2, 4.0), (BACK, -4.0, -0.4)):
        ways = []
        for seed in range(4):
            bout = new_bout(seed)
            walker = bout.walkers[0]
            move(bout.walkers[1], x=-walker.side * 40)
            for _ in range(60):
                bout.play(orders_of(bout, way, BRACE))
            ways.append(walker.side * walker.x + physics.START)
        assert least < np.median(ways) < most


def test_the_lance_stays_goes_up_and_goes_down_as_it_is_asked():
    for aim, wanted in ((0, 0.0), (4, 0.45), (8, -0.45)):
        bout = new_bout(3)
        for _ in range(20):
            bout.play(orders_of(bout, BRACE + aim, BRACE))
        assert bout.walkers[0].bends[4] == pytest.approx(wanted, abs=0.12)


def test_a_lance_pushes_the_other_back():
    bout = new_bout(5)
    one, two = bout.walkers
    move(one, x=one.side * 3.0)
    before = two.x
    for _ in range(40):
        bout.play(orders_of(bout, LUNGE, BRACE))
    assert (two.x - before) * one.side > 0.1


def test_walkers_never_pass_each_other():
    for seed in range(4):
        bout = new_bout(seed)
        one, two = bout.walkers
        while bout.winner() is None:
            bout.play(orders_of(bout, WALK, LUNGE))
            assert one.side * (two.x - one.x) > 0.5


def test_whose_hull_is_down_loses_and_of_two_who_won_less_ground():
    bout = new_bout()
    one, two = bout.walkers
    assert bout.winner() is None
    move(one, y=-1.1)
    assert bout.winner() == 1
    move(two, y=-1.1)
    assert bout.winner() == -1
    move(one, x=one.side * 0.5)
    assert bout.ground() == pytest.approx(0.25)
    assert bout.winner() == 0
    move(one, x=-one.side * 1.0)
    assert bout.winner() == 1


def test_at_the_last_turn_more_ground_wins():
    bout = new_bout()
    one, _ = bout.walkers
    bout.turn = LAST_TURN
    move(one, x=one.side)
    assert bout.winner() == 0
    move(one, x=-2 * one.side)
    assert bout.winner() == 1


def test_planks_fall_when_the_view_says_so_and_whoever_stands_on_them_falls_too():
    bout = new_bout(4)
    told, seconds = bout.next_fall()
    for _ in range(round(seconds / physics.TURN_SECONDS)):
        assert bout.half == physics.HALF
        bout.play(orders_of(bout, BRACE, BRACE))
    assert bout.half == told == physics.HALF - physics.PLANK
    loser = bout.walkers[1]
    move(loser, x=-loser.side * 2.6)
    while bout.winner() is None:
        bout.play(orders_of(bout, BRACE, BRACE))
    assert bout.winner() == 0
    assert loser.height() < physics.DOWN


def test_planks_fall_until_the_last_ones_stay():
    assert physics.FALLS[-1][1] == physics.LAST_HALF
    assert physics.FALLS[-1][0] < LAST_TURN
    bout = new_bout()
    for walker in bout.walkers:
        move(walker, y=1000.0)
    for _ in range(physics.FALLS[-1][0]):
        bout.play((STANCE, STANCE))
    assert (bout.half, bout.next_fall()) == (physics.LAST_HALF, (physics.LAST_HALF, 0.0))


def test_rewards_come_with_the_end_and_sum_to_nothing():
    environment = Joust(continuous=False)
    environment.reset(seed=1)
    move(environment.bout.walkers[0], x=-environment.bout.walkers[0].side * 3.2)
    total = dict.fromkeys(SEATS, 0.0)
    while environment.agents:
        _, rewards, terminations, truncations, _ = environment.step(dict.fromkeys(SEATS, BRACE))
        total = {name: total[name] + rewards[name] for name in SEATS}
    assert total == rewards == {SEATS[0]: -1.0, SEATS[1]: 1.0}
    assert all(terminations.values())
    assert not any(truncations.values())


def test_what_is_seen_is_as_if_one_looked_to_the_right():
    environment = Joust()
    seen, _ = environment.reset(seed=1)
    one, two = environment.bout.walkers
    for name, own, other in ((SEATS[0], one, two), (SEATS[1], two, one)):
        view = seen[name]
        assert view.shape == (NUMBERS,)
        assert view[19] == pytest.approx(2 * physics.START)
        assert view[32] == pytest.approx(physics.HALF - physics.START)
        assert view[33] == pytest.approx(physics.HALF + physics.START)
        np.testing.assert_allclose(view[25:30], other.bends, atol=1e-6)
        np.testing.assert_allclose(view[5:10], own.bends, atol=1e-6)
        np.testing.assert_allclose(view[15:17], own.feet(), atol=1e-6)
        np.testing.assert_allclose(np.hypot(view[[17, 30]], view[[18, 31]]), 1.0, atol=1e-6)
    assert seen[SEATS[0]][35] == -seen[SEATS[1]][35]
    assert seen[SEATS[0]][36] == pytest.approx(24.0)


def test_the_soles_are_where_the_shins_end():
    bout = new_bout(6)
    for _ in range(20):
        bout.play(orders_of(bout, WALK, LUNGE))
    for walker in bout.walkers:
        ends = [(walker.parts[n].transform * (0.0, -physics.SHIN))[1] for n in (2, 4)]
        np.testing.assert_allclose(walker.feet(), ends, atol=0.02)


def test_a_choice_is_the_order_that_the_agents_own_gait_gives():
    squire = load(next(b for b in spec_named(DISCRETE).baselines if b.name == "squire").path)
    bout = new_bout(8)
    rng = np.random.default_rng(8)
    for _ in range(60):
        choices = rng.integers(len(CHOICES), size=2).tolist()
        orders = orders_of(bout, *choices)
        for seat in (0, 1):
            own = angles_of(squire.angles(choices[seat], seen_by(bout, seat).tolist()))
            np.testing.assert_allclose(own, orders[seat], atol=1e-4)
        bout.play(orders)


def test_numbers_beyond_the_bounds_are_cut_and_no_number_counts_as_the_least():
    ends = [(kind.low, kind.high) for kind in JOINTS]
    assert angles_of(np.array([9, -9, np.inf, -np.inf, np.nan])) == pytest.approx(
        (ends[0][1], ends[1][0], ends[2][1], ends[3][0], ends[4][0])
    )
    environment = Joust()
    environment.reset(seed=6)
    seen, *_ = environment.step(dict.fromkeys(SEATS, np.full(5, np.nan, np.float32)))
    assert np.isfinite(seen[SEATS[0]]).all()


@pytest.mark.parametrize("wrong", [-1, 12])
def test_choices_that_do_not_exist_are_refused(wrong):
    environment = Joust(continuous=False)
    environment.reset(seed=6)
    with pytest.raises(ValueError, match=f"0 to 11, not {wrong}"):
        environment.step({SEATS[0]: wrong, SEATS[1]: 0})


def test_a_step_outside_a_round_is_refused():
    environment = Joust()
    orders = dict.fromkeys(SEATS, np.zeros(5, np.float32))
    with pytest.raises(RuntimeError, match="Call reset first"):
        environment.step(orders)
    environment.reset(seed=1)
    environment.close()
    with pytest.raises(RuntimeError, match="Call reset first"):
        environment.step(orders)


def test_every_choice_has_a_key_but_the_idle_one():
    spec = spec_named(DISCRETE)
    assert spec.idle_action == BRACE
    assert {control.action for control in spec.controls} | {BRACE} == set(range(len(CHOICES)))
    keys = [key for control in spec.controls for key in control.keys]
    assert len(keys) == len(set(keys)) == len(spec.controls)


@pytest.mark.parametrize(
    ("arena", "better", "worse", "episodes", "margin"),
    [
        ("coliseum/joust-v1", "squire", "random", 20, 0.6),
        (DISCRETE, "trained", "squire", 40, 0.1),
    ],
)
def test_the_better_agent_beats_the_worse(arena, better, worse, episodes, margin):
    spec = spec_named(arena)
    assert np.mean(earnings(spec, baseline(spec, better), baseline(spec, worse), episodes)) > margin


@pytest.mark.parametrize("name", ["squire", "trained"])
def test_one_agent_plays_both_variants(name):
    for arena, kind in (("coliseum/joust-v1", "box"), (DISCRETE, "discrete")):
        agent = new_agent(baseline(spec_named(arena), name))
        agent.reset(SimpleNamespace(action_space=SimpleNamespace(kind=kind)))
        action = agent.act(seen_by(new_bout(), 0))
        assert action in range(12) if kind == "discrete" else action.shape == (5,)


def test_the_picture_shows_both_walkers_and_a_bridge_that_shrinks():
    environment = Joust(render_mode="rgb_array")
    assert environment.render() is None
    environment.reset(seed=1)
    picture = environment.render()
    assert picture.shape == (240, 640, 3)
    assert picture.dtype == np.uint8
    colours = {tuple(colour) for colour in picture.reshape(-1, 3).tolist()}
    assert {*COLOURS, SKY} <= colours
    environment.bout.half = 2.0
    assert (environment.render() == SKY).all(axis=2).sum() > (picture == SKY).all(axis=2).sum()
    assert Joust().render() is None
    with pytest.raises(ValueError, match="not 'human'"):
        Joust(render_mode="human")


@pytest.mark.parametrize("name", FIGURES)
def test_the_figures_of_the_rules_show_the_numbers_of_the_physics(name):
    stored = FOLDER / f"{name}.svg"
    assert stored.read_text(encoding="utf-8") == FIGURES[name](), "run python -m arenas.games.joust.figures"
