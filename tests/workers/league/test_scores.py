"""Tables of scores on common scenarios."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.league import ComparisonsError, ScoreSettings, fit_scores
from workers.league.scores import interquartile_mean


def flat(grid):
    """Return seed ids, agent ids and scores of an (agents, seeds) grid without its gaps."""
    agents, seeds = np.nonzero(~np.isnan(grid))
    return seeds, agents, grid[agents, seeds]


def test_agents_are_ranked_by_the_middle_half():
    grid = np.tile(np.arange(20.0), (3, 1)) + np.array([[0.0], [1.0], [0.5]])
    grid[0, -1] = 1e6
    grid[1, 0] = -1e6
    table = fit_scores(*flat(grid), agents=3)
    assert list(table.rank) == [3, 1, 2]
    assert table.score == pytest.approx([9.5, 10.5, 10.0])
    assert table.common_seeds == 20


def test_the_mean_counts_every_score():
    grid = np.vstack([np.zeros(20), np.r_[np.ones(19), -100.0]])
    table = fit_scores(*flat(grid), agents=2, settings=ScoreSettings(statistic="mean"))
    assert list(table.rank) == [1, 2]
    assert table.score == pytest.approx([0.0, -4.05])


def test_a_shared_hard_scenario_does_not_blur_the_order():
    rng = np.random.default_rng(1)
    luck = rng.normal(0, 100, 40)
    grid = np.stack([luck + 3 + rng.normal(0, 1, 40), luck + rng.normal(0, 1, 40)])
    table = fit_scores(*flat(grid), agents=2)
    assert table.high[1] > table.low[0]
    assert table.p_above_next[0] > 0.95
    assert (table.rank_low[0], table.rank_high[0]) == (1, 1)


def test_settled_agents_are_compared_on_what_all_of_them_played():
    grid = np.full((3, 60), np.nan)
    grid[0] = np.r_[np.zeros(30), np.full(30, 100.0)]
    grid[1, :30] = 1.0
    grid[2, :4] = 7.0
    table = fit_scores(*flat(grid), agents=3)
    assert table.common_seeds == 30
    assert table.score == pytest.approx([0.0, 1.0, 7.0])
    assert list(table.provisional) == [False, False, True]
    assert list(table.episodes) == [60, 30, 4]


def test_nothing_played_is_unranked():
    table = fit_scores(np.zeros(0, int), np.zeros(0, int), np.zeros(0), agents=2)
    assert list(table.rank) == [0, 0]
    assert table.digest()


def test_one_scenario_has_a_wide_interval():
    table = fit_scores(*flat(np.array([[1.0], [4.0]])), agents=2)
    assert list(table.low) == [-2.0, 1.0]
    assert list(table.high) == [4.0, 7.0]


def test_an_inactive_agent_takes_no_place():
    table = fit_scores(*flat(np.array([[1.0, 2], [4, 5]])), agents=2, active=np.array([True, False]))
    assert list(table.rank) == [1, 0]


def test_repeated_episodes_of_a_scenario_count_as_their_mean():
    table = fit_scores(np.array([0, 0, 1]), np.zeros(3, int), np.array([1.0, 3.0, 4.0]), agents=1)
    assert table.score[0] == pytest.approx(3.0)


def test_kinds_of_scenarios_keep_their_number():
    grid = np.r_[np.zeros(20), np.full(20, 100.0)][None, :]
    columns = flat(grid)
    mean = ScoreSettings(statistic="mean")
    mixed = fit_scores(*columns, agents=1, settings=mean)
    kept = fit_scores(*columns, agents=1, settings=mean, strata=(columns[0] >= 20).astype(int))
    assert mixed.error[0] > 5
    assert kept.error[0] == 0


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3), st.integers(-50, 50)), min_size=1),
    st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_the_order_of_scores_changes_no_bit(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    tables = []
    for part in (rows, shuffled):
        seeds, agents, scores = (np.array(column) for column in zip(*part, strict=True))
        tables.append(fit_scores(seeds, agents, scores / 7, agents=4, settings=ScoreSettings(draws=200)))
    assert tables[0].digest() == tables[1].digest()
    assert tables[0].low.tobytes() == tables[1].low.tobytes()
    assert np.all((tables[0].rank_low <= tables[0].rank) & (tables[0].rank <= tables[0].rank_high))


@pytest.mark.parametrize("statistic", ["iqm", "mean"])
def test_intervals_hold_the_truth_as_often_as_they_say(statistic):
    rng = np.random.default_rng(3)
    truth = {"iqm": interquartile_mean(rng.standard_t(5, 400_000)), "mean": 0.0}[statistic]
    grid = rng.standard_t(5, (400, 40))
    table = fit_scores(*flat(grid), agents=400, settings=ScoreSettings(statistic=statistic, draws=1000))
    inside = (table.low <= truth) & (truth <= table.high)
    assert 0.92 <= inside.mean() <= 0.98


def test_broken_scores_are_refused():
    with pytest.raises(ComparisonsError, match="outside"):
        fit_scores(np.array([0]), np.array([2]), np.array([1.0]), agents=2)
    with pytest.raises(ComparisonsError, match="not finite"):
        fit_scores(np.array([0]), np.array([0]), np.array([np.nan]), agents=2)
    with pytest.raises(ComparisonsError, match="length"):
        fit_scores(np.array([0, 1]), np.array([0]), np.array([1.0]), agents=2)
