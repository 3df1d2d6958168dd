"""Single questions: the attacks work where the rules are off, and fail where they are on."""

import numpy as np
import pytest

from workers.simulation import trials
from workers.simulation.finals import play_final
from workers.simulation.worlds import WORLDS, World, draw_world


def rng(seed=1):
    return np.random.default_rng(seed)


def test_one_agent_under_two_names_ends_near_itself():
    near = trials.twins(rng(), pairs=10, episodes=32)
    assert near.trials == 10
    assert near.hits >= 8


def test_clones_that_lose_to_their_master_lift_it_only_where_they_may_meet():
    assert trials.clones(rng()) == (13, 0)
    place, moved = trials.clones(rng(), together=True)
    assert place < 13
    assert moved > 0


def test_a_master_with_many_honest_matches_is_caught_by_what_its_puppets_throw():
    caught, suspected = trials.puppets(rng(), episodes=256)
    assert caught.hits == 1
    assert suspected.trials > 300
    assert suspected.share < 0.01


def test_beating_somebody_who_crashed_is_worth_a_quarter_of_a_win():
    assert trials.gift(rng()) == pytest.approx(0.25, abs=0.01)


def test_gates_err_as_often_as_they_may():
    assert trials.gate_errors(rng(), elo=0.0, wrong="better", runs=200).share <= 0.09
    assert trials.gate_errors(rng(), elo=50.0, wrong="better", runs=200).share >= 0.85


def test_intervals_of_scores_hold_the_truth_in_spite_of_crashes():
    inside = sum((trials.iqm_coverage(rng(seed)) for seed in range(20)), trials.Count(0.0, 0))
    assert 0.88 <= inside.share <= 0.99


def test_a_shuffled_log_changes_nothing():
    assert trials.shuffled(rng()) == (0.0, True)


def test_a_refit_can_be_timed_again_and_again():
    case = trials.speed_case(12, rng())
    case()
    case()


def test_a_clear_final_is_settled_and_right():
    strength = np.linspace(4, -4, 12)
    ending = play_final(World(strength[:, None] - strength[None, :], np.zeros(12)), rng())
    assert ending.is_settled
    assert ending.is_true
    assert ending.episodes < 600


def test_a_final_of_equals_is_right_whatever_it_says_or_runs_out_of_budget():
    ending = play_final(World(np.zeros((12, 12)), np.zeros(12)), rng(), budget=64)
    assert ending.is_true or not ending.is_settled
    assert ending.episodes <= 80


def test_a_field_cut_far_down_still_plays():
    world = draw_world(WORLDS["W6"], 32, rng(5))
    assert play_final(world, rng(6), budget=160).episodes >= 64
