"""The figures of a certificate: seats, draws, luck."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenas.certifying.measures import (
    draw_rate,
    elo,
    luck_share,
    member_points,
    quantiles,
    seat_advantage,
)


@given(st.floats(0, 1))
def test_elo_is_odd_around_even_and_bounded(points):
    assert -800.0001 <= elo(points) <= 800.0001
    assert elo(points) == pytest.approx(-elo(1 - points), abs=1e-6)


def test_elo_is_that_of_the_usual_formula():
    assert elo(0.5) == 0
    assert elo(10 / 11) == pytest.approx(400)


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=60))
def test_the_advantage_lies_within_its_interval(first):
    found = seat_advantage([(points, 1 - points) for points in first], range(len(first)))
    assert found.low <= found.elo <= found.high
    assert (found.member, found.games) == (0, len(first))


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(1)
    truth, covered = 0.6, 0
    for _ in range(400):
        won = rng.random(100) < truth
        found = seat_advantage([(float(one), 1.0 - one) for one in won], range(100))
        covered += found.low <= elo(truth) <= found.high
    assert 0.92 <= covered / 400 <= 0.98


def test_games_of_one_seed_count_as_one():
    points = [(1.0, 0.0)] * 10
    assert seat_advantage(points, [7] * 10).games == 1
    assert seat_advantage(points, [7] * 10).high - seat_advantage(points, [7] * 10).low > 500


def test_of_many_places_the_one_furthest_from_even_is_told():
    found = seat_advantage([(0.5, 0.4, 1.0, 0.1)] * 20, range(20))
    assert found.member == 2
    assert found.is_unfair
    assert not seat_advantage([(0.5, 0.5, 0.5, 0.5)] * 20, range(20)).is_unfair


def test_draws_are_games_in_which_all_are_first():
    assert draw_rate([(1, 1), (1, 2), (2, 1), (1, 1)]) == 0.5
    assert draw_rate([]) == 0


def test_luck_is_one_where_the_seed_decides_and_none_where_it_does_not():
    seeds = [seed for seed in range(50) for _ in range(2)]
    rng = np.random.default_rng(2)
    assert luck_share([float(seed) for seed in seeds], seeds) == pytest.approx(1)
    noise = rng.normal(size=100)
    assert luck_share(noise.tolist(), seeds) < 0.3
    half = [value + effect for value, effect in zip(noise, np.repeat(rng.normal(size=50), 2), strict=True)]
    assert 0.2 < luck_share(half, seeds) < 0.8
    assert luck_share([1.0] * 100, seeds) == 0


def test_few_seeds_say_nothing_of_luck():
    assert luck_share([1.0, 2.0, 3.0, 4.0], [1, 1, 2, 2]) is None
    assert luck_share([], []) is None


def test_points_are_counted_against_the_seats_of_others_only():
    assert member_points((1, 2), (0, 1)) == [1.0, 0.0]
    assert member_points((1, 3, 3, 2), (0, 0, 0, 1)) == [pytest.approx(1 / 3), pytest.approx(2 / 3)]
    assert member_points((1, 1, 1), (0, 1, 2)) == [0.5] * 3


def test_quantiles_are_those_of_the_values():
    assert quantiles([1, 2, 3, 4, 5], 0.0, 0.5, 1.0) == [1, 3, 5]
    assert math.isclose(quantiles([0, 1], 0.99)[0], 0.99)
