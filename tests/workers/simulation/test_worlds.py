"""Worlds: what is played agrees with what is said to be true."""

import numpy as np
import pytest

from workers.league.likelihood import ELO_PER_LOGIT
from workers.simulation.crowds import Crowd, draw_crowd
from workers.simulation.worlds import WORLDS, World, draw_world

EVERY = pytest.mark.parametrize("name", sorted(WORLDS))


def drawn(name, agents=12, seed=1):
    return draw_world(WORLDS[name], agents, np.random.default_rng(seed))


@EVERY
def test_what_one_gains_the_other_loses(name):
    payoff = drawn(name).payoff()
    assert payoff + payoff.T == pytest.approx(np.ones((12, 12)))
    assert ((payoff > 0) & (payoff < 1)).all()


@EVERY
def test_results_come_as_often_as_the_payoff_says(name):
    world = drawn(name, 2)
    results = world.play(np.tile([0, 1], (40_000, 1)), np.random.default_rng(2), start=0)
    assert results.points.mean() == pytest.approx(world.payoff()[0, 1], abs=0.012)


def test_strengths_alone_are_the_true_ratings():
    world = drawn("W1", 30)
    strength = ELO_PER_LOGIT * world.advantage[:, 0]
    assert world.elo() == pytest.approx(strength - strength.mean(), abs=1e-6)


@pytest.mark.parametrize("name", ["W1", "W2", "W3", "W4", "W5"])
def test_without_cycles_rates_and_ratings_agree_on_the_order(name):
    world = drawn(name, 30)
    assert list(np.argsort(world.rates())) == list(np.argsort(world.elo()))


def test_cycles_make_pairs_that_no_rating_explains():
    world = drawn("W6", 30)
    elo = world.elo() / ELO_PER_LOGIT
    beyond = world.advantage - (elo[:, None] - elo[None, :])
    assert 60 < ELO_PER_LOGIT * beyond[np.triu_indices(30, 1)].std() < 240
    assert (
        np.abs(drawn("W1", 30).advantage.sum(axis=1) / 30 - drawn("W1", 30).elo() / ELO_PER_LOGIT).max()
        < 1e-6
    )


def test_both_seatings_of_a_match_share_the_luck_of_the_seed():
    world = World(np.zeros((2, 2)), np.zeros(2), luck=8.0)
    results = world.play(np.tile([0, 1], (4000, 1)), np.random.default_rng(3), start=0)
    points = results.points.reshape(-1, 2)
    # The seed decides who sits well, so that nearly every match is one all.
    assert (points.sum(axis=1) == 1).mean() > 0.7


def test_three_in_ten_end_in_a_draw_in_the_mixed_world():
    world = drawn("W7", 2)
    points = world.play(np.tile([0, 1], (4000, 1)), np.random.default_rng(4), start=0).points
    assert (points == 0.5).mean() == pytest.approx(0.3, abs=0.02)


def test_a_crowd_stands_near_the_top_of_the_last_world():
    elo = np.sort(drawn("W8", 200).elo())
    everywhere = np.sort(drawn("W7", 200).elo())
    assert np.ptp(elo[-70:-20]) < np.ptp(everywhere[-70:-20])


def test_matches_are_numbered_from_where_they_start():
    results = drawn("W3").play(np.array([[0, 1], [2, 3]]), np.random.default_rng(5), start=7)
    assert results.match.tolist() == [7, 7, 8, 8]
    assert results.side_a.tolist() == [0, 0, 2, 2]
    assert (results.seat_a == -1).all()


def test_an_episode_of_four_compares_six_pairs_as_their_strengths_promise():
    crowd = Crowd(np.array([1.0, 0.0, -0.5, 0.3]))
    results = crowd.play(np.tile([0, 1, 2, 3], (20_000, 1)), np.random.default_rng(6), start=0)
    assert len(results) == 6 * 20_000
    first = results.points[(results.side_a == 0) & (results.side_b == 1)]
    assert first.mean() == pytest.approx(1 / (1 + np.exp(-1.0)), abs=0.01)


def test_a_crowd_is_centred_and_ordered_by_strength():
    crowd = draw_crowd(300.0, 50, 4, np.random.default_rng(7))
    assert crowd.elo().mean() == pytest.approx(0, abs=1e-9)
    assert list(np.argsort(crowd.elo())) == list(np.argsort(crowd.rates()))
