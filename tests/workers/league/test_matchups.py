"""What is known of every two agents, who is whose worst opponent, and who can be told apart."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.workers.league.separating import bands, episodes_to_separate, is_unseparated, top_chances
from tests.workers.league.worlds import World, random_pairs, rows, series
from workers.league import Settings, empty_comparisons, fit, superiority
from workers.league.matchups import matchups, worst_opponents
from workers.league.separation import episodes_for

CYCLE = ((0, 1), (1, 2), (2, 0))


def rock_paper_scissors():
    results = [(100 * a + index // 2, a, b, 1) for a, b in CYCLE for index in range(40)]
    return fit(rows(*results), agents=3)


def league(seed=1, agents=12, matches=800, **kind):
    rng = np.random.default_rng(seed)
    world = World.drawn(seed, agents, **{"sd": 250, **kind})
    return world, fit(world.play(random_pairs(rng, agents, matches), rng), agents=agents)


def test_an_advantage_and_its_reverse_cancel():
    _, table = league(cyclic=150)
    known = matchups(table)
    assert known.logit + known.logit.T == pytest.approx(np.zeros((12, 12)))
    drawn = known.draw(np.random.default_rng(1))
    assert drawn + drawn.T == pytest.approx(np.zeros((12, 12)))
    assert (known.variance()[~np.eye(12, dtype=bool)] > 0).all()
    assert np.diag(known.variance()) == pytest.approx(np.zeros(12))


def test_draws_have_the_mean_and_the_variance_that_are_known():
    _, table = league(agents=6, matches=100, cyclic=200)
    known = matchups(table)
    rng = np.random.default_rng(2)
    drawn = np.stack([known.draw(rng) for _ in range(4000)])
    assert drawn.mean(axis=0) == pytest.approx(known.logit, abs=0.05)
    assert drawn.var(axis=0) == pytest.approx(known.variance(), rel=0.12, abs=1e-9)


def test_a_pair_that_never_met_is_known_less_well_than_one_that_met_often():
    results = [
        each for a in range(8) for b in range(a) for each in series(a, b, [1, 0] * 10, start=100 * a + b * 10)
    ]
    played = [result for result in results if (result[1], result[2]) != (7, 6)]
    known = matchups(fit(rows(*played), agents=8, settings=Settings(tau_elo=150.0)))
    assert known.variance()[7, 6] > 1.5 * known.variance()[7, 5]
    assert known.kept[7, 6] == 1.0


def test_few_episodes_widen_what_is_known():
    table = fit(rows(*series(0, 1, [1, 0])), agents=2, settings=Settings(tau_elo=0.0))
    c = table.covariance
    # Two episodes: errors are (1 + 2 / 2) times as large.
    assert matchups(table).variance()[0, 1] == pytest.approx(4 * (c[0, 0] + c[1, 1] - 2 * c[0, 1]))


def test_in_rock_paper_scissors_everybody_has_its_worst_opponent():
    worst = worst_opponents(matchups(rock_paper_scissors()))
    assert list(worst.opponent) == [2, 0, 1]
    assert (worst.rate < 0.15).all()
    assert (worst.exploitability > 0.3).all()


def test_the_best_of_a_straight_field_is_not_known_to_be_exploitable():
    _, table = league(sd=400)
    worst = worst_opponents(matchups(table))
    best = int(np.argmax(table.theta))
    assert worst.exploitability[best] == 0.0
    assert worst.exploitability[np.argmin(table.theta)] > 0.2
    assert (worst.opponent != np.arange(12)).all()


def test_neither_own_agents_nor_withdrawn_ones_are_worst_opponents():
    table = rock_paper_scissors()
    mates = worst_opponents(matchups(table), owners=[0, 1, 0])
    assert list(mates.opponent) == [1, 0, 1]
    left = worst_opponents(matchups(table), active=np.array([True, True, False]))
    assert list(left.opponent) == [1, 0, 1]
    alone = worst_opponents(matchups(table), owners=[0, 0, 0])
    assert list(alone.opponent) == [-1, -1, -1]
    assert list(alone.exploitability) == [0, 0, 0]


@pytest.mark.parametrize("agents", [0, 1, 2])
def test_a_field_without_matches_has_tables_too(agents):
    table = fit(empty_comparisons(), agents=agents)
    assert worst_opponents(matchups(table)).opponent.shape == (agents,)
    assert list(bands(table)) == [-1] * agents
    assert top_chances(table).shape == (2, agents)
    assert is_unseparated(table)


def test_the_chance_of_the_first_place_is_that_of_the_table():
    _, table = league(matches=300)
    chances = top_chances(table, (1, 3, 10, 12))
    assert np.array_equal(chances[0], table.p_best)
    assert chances.sum(axis=1) == pytest.approx([1, 3, 10, 12])
    assert (np.diff(chances, axis=0) >= 0).all()


def test_a_band_holds_whom_its_best_agent_is_not_known_to_beat():
    _, table = league(sd=300, matches=1500)
    band = bands(table)
    by_rank = np.argsort(table.rank)
    assert (np.diff(band[by_rank]) >= 0).all()
    assert band.max() > 1
    for number in range(band.max() + 1):
        members = by_rank[band[by_rank] == number]
        better = superiority(table.theta, table.covariance)[members[0], members[1:]]
        assert (better < 0.97).all()
    assert not is_unseparated(table)


def test_all_draws_separate_nobody():
    table = fit(
        rows(
            *(
                each
                for a in range(4)
                for b in range(a)
                for each in series(a, b, [0.5] * 40, start=100 * a + b * 20)
            )
        ),
        agents=4,
    )
    assert list(bands(table)) == [0, 0, 0, 0]
    assert is_unseparated(table)


def test_the_planning_formula_is_that_of_an_even_episode():
    assert episodes_for(347.4356) == pytest.approx(1, rel=1e-4)
    assert episodes_for(25.5) == pytest.approx(185, rel=0.01)
    assert episodes_for(25.5, kappa=0.5) == pytest.approx(2 * episodes_for(25.5))


def test_two_that_are_apart_need_no_more_and_equals_need_for_ever():
    _, table = league(sd=400, matches=1500)
    order = np.argsort(table.rank)
    assert episodes_to_separate(table, order[0], order[-1]) == 0.0
    draws = fit(rows(*series(0, 1, [0.5] * 40)), agents=2)
    assert math.isinf(episodes_to_separate(draws, 0, 1))


def test_the_episodes_foretold_bring_the_error_to_where_it_separates():
    known = replace(
        fit(empty_comparisons(), agents=2),
        theta=np.array([0.0, 0.5]),
        covariance=np.eye(2) * 0.2,
        episodes=np.full(2, 1e9),
        kappa=0.8,
    )
    more = episodes_to_separate(known, 0, 1)
    each = 1 / (1 / 0.2 + 0.8 * more / 4)
    assert 0.5 / math.sqrt(2 * each) == pytest.approx(1.645, abs=1e-3)


def test_playing_the_episodes_that_were_foretold_separates_the_two():
    gap, rng = 60.0, np.random.default_rng(5)
    world = World(np.array([gap / 2, -gap / 2]), np.zeros((2, 2)))
    told = []
    for start in range(40):
        first = world.play([(0, 1)] * 20, rng)
        table = fit(first, agents=2, settings=Settings(sigma_elo=1000.0, kappa=1.0, tau_elo=0.0))
        more = episodes_to_separate(table, 0, 1)
        if 0 < more < 2000:
            # With two agents, an episode between them counts for both, and tells twice what one against
            # other equals would.
            foretold = fit(
                world.play([(0, 1)] * int((40 + more / 2) / 2), rng, start=start),
                agents=2,
                settings=Settings(sigma_elo=1000.0, kappa=1.0, tau_elo=0.0),
            )
            c = foretold.covariance
            deviation = math.sqrt(c[0, 0] + c[1, 1] - 2 * c[0, 1])
            told.append(abs(table.theta[0] - table.theta[1]) / deviation)
    assert len(told) > 10
    assert np.median(told) == pytest.approx(1.645, abs=0.35)
