"""What is measured of a table: orders, intervals, claims, and when a goal was reached."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.league.worlds import rows, series
from workers.league import empty_comparisons, fit
from workers.simulation.measures import (
    Count,
    Step,
    claims,
    episodes_to,
    is_inside,
    judge,
    kendall_tau,
    mean_steps,
    place_error,
    settled,
)

TRUTH = np.array([3.0, 2.0, 1.0, 0.0])


def steps(*taus):
    return [Step(8 * 2**at, tau, 0.9, 1.0) for at, tau in enumerate(taus)]


def test_the_same_order_agrees_wholly_and_the_reverse_not_at_all():
    assert kendall_tau(TRUTH, TRUTH) == 1
    assert kendall_tau(-TRUTH, TRUTH) == -1
    assert (place_error(TRUTH, TRUTH), place_error(-TRUTH, TRUTH)) == (0, 2)


def test_one_swapped_neighbour_of_six_pairs_costs_a_third():
    assert kendall_tau(np.array([2.0, 3.0, 1.0, 0.0]), TRUTH) == pytest.approx(2 / 3)


def test_a_field_of_one_is_in_order():
    assert kendall_tau(np.zeros(1), np.zeros(1)) == 1


@given(st.lists(st.floats(-9, 9), min_size=2, max_size=12, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_the_agents_does_not_matter(values, random):
    order = list(range(len(values)))
    random.shuffle(order)
    estimate, truth = np.array(values), np.sort(values)
    assert kendall_tau(estimate[order], truth[order]) == pytest.approx(kendall_tau(estimate, truth))


def test_between_two_looks_tau_grows_with_the_logarithm():
    assert episodes_to(steps(0.8, 0.9), 0.85) == pytest.approx(8 * 2**0.5, abs=0.1)


def test_a_goal_reached_at_the_first_look_counts_from_there():
    assert episodes_to(steps(0.95, 0.97), 0.9) == 8


def test_a_goal_never_reached_is_nothing():
    assert episodes_to(steps(0.5, 0.6), 0.9) is None
    assert episodes_to([], 0.9) is None


def test_the_first_time_counts_though_it_falls_again():
    assert episodes_to(steps(0.8, 0.92, 0.85), 0.92) == 16


def test_runs_are_averaged_look_by_look():
    one, other = steps(0.8, 0.9), [Step(8, 0.6, None, 3.0), Step(16, 0.7, 0.7, 3.0)]
    mean = mean_steps([one, other])
    assert [step.tau for step in mean] == pytest.approx([0.7, 0.8])
    assert [step.coverage for step in mean] == pytest.approx([0.9, 0.8])
    assert [step.off for step in mean] == pytest.approx([2, 2])


def test_counts_add_up_and_nothing_tried_is_false():
    assert (Count(1, 4) + Count(2, 4)).share == 0.375
    assert not Count(0, 0)
    assert Count(0, 0).share == 0
    assert Count(0, 3)


TABLE = fit(rows(*series(0, 1, [1, 0, 1] * 30), *series(1, 2, [1, 0, 1] * 30, start=100)), agents=3)


def test_intervals_hold_what_is_near_and_not_what_is_far():
    assert is_inside(TABLE, TABLE.elo + 777).all()
    far = TABLE.elo + np.array([900.0, 0.0, -900.0])
    assert list(is_inside(TABLE, far)) == [False, True, False]


def test_the_centre_is_that_of_the_table():
    centre = settled(TABLE)
    assert TABLE.elo[centre].mean() == pytest.approx(1500)
    assert not settled(fit(empty_comparisons(), agents=3)).any()


def test_claims_are_counted_by_how_sure_they_are():
    sure = claims(TABLE, np.array([2.0, 1.0, 0.0]), 0.95, 1.1)
    assert sure.trials >= 1
    assert sure.share == 1
    assert claims(TABLE, np.array([0.0, 1.0, 2.0]), 0.95, 1.1).share == 0


def test_a_table_is_judged_against_the_truth():
    step = judge(TABLE, 30, np.array([2.0, 1.0, 0.0]), TABLE.elo)
    assert step == Step(30, 1.0, 1.0, 0.0)
