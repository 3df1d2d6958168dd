"""How much a table hangs on a few: the step without one owner is that of a refit, and kings are seen."""

import numpy as np
import pytest

from tests.workers.league.worlds import World, concatenated, random_pairs, rows, series, taken
from workers.league import Settings, empty_comparisons, fit
from workers.league.influence import hanging_on_owners, leverage, step_without


def league(seed=1, agents=20, matches=800, **kind):
    rng = np.random.default_rng(seed)
    return World.drawn(seed, agents, **{"sd": 150, **kind}).play(random_pairs(rng, agents, matches), rng)


def kingmade(wins=60):
    """Twenty equals; agent 0 owes its place to three agents of owner 17 that always lose to it."""
    rng = np.random.default_rng(2)
    world = World(np.zeros(20), np.zeros((20, 20)))
    fair = [pair for pair in random_pairs(rng, 20, 1000) if not ({*pair} & {0} and {*pair} & {17, 18, 19})]
    given = [
        row for at, a in enumerate((17, 18, 19)) for row in series(0, a, [1] * wins, start=5000 + 40 * at)
    ]
    return concatenated(world.play(fair, rng), rows(*given)), [*range(17), 17, 17, 17]


def test_the_step_without_an_owner_is_nearly_that_of_a_refit():
    played, _ = kingmade(8)
    fixed = Settings(sigma_elo=200.0, kappa=1.0, tau_elo=0.0)
    table = fit(played, agents=20, settings=fixed)
    kept = ~(np.isin(played.side_a, (17, 18, 19)) | np.isin(played.side_b, (17, 18, 19)))
    without = fit(taken(played, kept), agents=20, settings=fixed)
    told = step_without(played, table, np.arange(20) >= 17)[:17]
    truth = (without.theta - table.theta)[:17]
    assert told - told.mean() == pytest.approx(truth - truth.mean(), abs=0.02)
    assert np.abs(truth - truth.mean()).max() > 0.1


def test_a_place_that_hangs_on_one_owner_is_found():
    played, owners = kingmade()
    moved = hanging_on_owners(played, fit(played, agents=20, owners=owners), owners=owners)
    assert {(each.owner, each.agent) for each in moved} == {(17, 0)}
    assert moved[0].rank == 1
    assert moved[0].rank_without > 4
    assert moved[0].elo < -50


def test_in_an_honest_league_no_place_hangs_on_one_owner():
    for seed in range(4):
        played = league(seed)
        assert hanging_on_owners(played, fit(played, agents=20), owners=range(20)) == ()


def test_rank_intervals_are_those_among_the_others():
    played = World(np.linspace(500, -500, 20), np.zeros((20, 20))).play(
        random_pairs(np.random.default_rng(3), 20, 3000), np.random.default_rng(3)
    )
    owners = [99] * 6 + list(range(6, 20))
    table = fit(played, agents=20)
    moved = hanging_on_owners(played, table, owners=owners, far=-1)
    assert [each for each in moved if each.owner == 99] == []


def test_leverage_is_the_share_of_the_foremost_opponents():
    even = [
        result
        for a in range(7)
        for b in range(a)
        for result in series(a, b, [1, 0] * 5, start=100 * a + 10 * b)
    ]
    assert leverage(rows(*even), fit(rows(*even), agents=7)) == pytest.approx([0.5] * 7)
    lone = even + series(7, 0, [1, 0] * 5, start=900)
    shares = leverage(rows(*lone), fit(rows(*lone), agents=9))
    assert shares[7] == pytest.approx(1)
    assert shares[8] == 0


def test_without_results_nothing_hangs_on_anybody():
    table = fit(empty_comparisons(), agents=3)
    assert hanging_on_owners(empty_comparisons(), table, owners=[0, 1, 2]) == ()
    assert list(leverage(empty_comparisons(), table)) == [0, 0, 0]
