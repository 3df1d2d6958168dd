"""The probability that a format crowns the best: known answers and known order."""

import numpy as np
import pytest

from tests.workers.league.formats.playing import field_of
from workers.league.formats import (
    Chance,
    DoubleElimination,
    FormatError,
    Part,
    Plan,
    RoundRobin,
    SingleElimination,
    Tables,
    crowning_probability,
    swiss_and_cut,
)
from workers.league.formats.crowning import play_out


def alone(stage):
    return Plan((Part(stage),))


def crowned(plan, strengths, runs, **options):
    return crowning_probability(plan, np.array(strengths), runs=runs, rng=np.random.default_rng(4), **options)


def test_a_single_match_of_two_is_the_chance_of_one_win():
    found = crowned(alone(SingleElimination(1)), [1.0, 0.0], 400, chance=Chance(episodes=1))
    assert abs(found.probability - 1 / (1 + np.exp(-1))) < 4 * found.error
    assert found.error == pytest.approx(np.sqrt(0.73 * 0.27 / 400), rel=0.05)
    assert found.matches == 1
    assert found.runs == 400


def test_a_knockout_of_four_is_the_product_of_its_chances():
    # All but the best are equal, and everybody is drawn: it has to win twice.
    found = crowned(alone(SingleElimination(1)), [1.0, 0, 0, 0], 400, chance=Chance(episodes=1), seeded=False)
    assert abs(found.probability - (1 / (1 + np.exp(-1))) ** 2) < 4 * found.error
    assert found.matches == 3


def test_seeds_follow_the_strengths_unless_they_are_drawn():
    # Of three the first seed has to win once only.
    p = 1 / (1 + np.exp(-1))
    plan = alone(SingleElimination(1))
    for seeded, expected in ((True, p), (False, p / 3 + 2 * p * p / 3)):
        found = crowned(plan, [0, 0, 1.0], 800, chance=Chance(episodes=1), seeded=seeded)
        assert abs(found.probability - expected) < 3.5 * found.error


def test_nobody_can_fail_without_chance():
    for plan in (
        alone(RoundRobin()),
        alone(DoubleElimination(1)),
        swiss_and_cut(cut=4),
        alone(Tables(seats=3)),
    ):
        found = crowned(plan, np.arange(9) * 1000.0, 5)
        assert found.probability == 1
        assert 0 < found.error < 0.3


def test_a_shared_first_place_counts_by_its_share():
    found = crowned(alone(RoundRobin()), [5.0, 0, 0, 0], 20, chance=Chance(draws=1.0))
    assert found.probability == 0.25


def test_longer_series_crown_the_best_more_often_and_the_published_figures_come_out():
    # 64 agents of spread 200 Elo, single elimination: measured .32 with best of 1, .56 with best of 7.
    truths = np.random.default_rng(9).normal(0, 200 / 173.717793, (60, 64))
    short, long = (
        crowned(alone(SingleElimination(n)), truths, 60, chance=Chance(episodes=1), seeded=False)
        for n in (1, 7)
    )
    assert abs(short.probability - 0.32) < 3 * short.error
    assert abs(long.probability - 0.56) < 3 * long.error
    assert short.matches == 63
    assert abs(long.matches - 326) < 5


def test_the_same_chance_gives_the_same_answer():
    plan = swiss_and_cut(rounds=3, cut=4, best_of=3)
    truths = np.random.default_rng(2).normal(size=(3, 10))
    assert crowned(plan, truths, 6) == crowned(plan, truths, 6)


def test_matches_of_two_episodes_can_be_drawn():
    plan = alone(RoundRobin())
    strength = dict.fromkeys(range(1, 9), 0.0)
    _, (history,) = play_out(plan, field_of(8), strength, rng=np.random.default_rng(1), chance=Chance())
    assert {score.points for score in history.scores} == {(1.0, 0.0), (0.5, 0.5), (0.0, 1.0)}


@pytest.mark.parametrize(
    ("strengths", "runs"),
    [([], 5), ([1.0, 2.0], 0), ([1.0, float("nan")], 5)],
    ids=["nobody", "never", "nan"],
)
def test_what_cannot_be_simulated_is_refused(strengths, runs):
    with pytest.raises(FormatError):
        crowned(alone(RoundRobin()), strengths, runs)


def test_chances_that_make_no_sense_are_refused():
    for options in ({"episodes": 0}, {"draws": 1.5}):
        with pytest.raises(FormatError):
            Chance(**options)
