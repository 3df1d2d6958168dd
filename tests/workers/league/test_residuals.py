"""The monitor for thrown matches: puppets are flagged, honest pairs are not, and styles are no crime."""

from dataclasses import replace

import numpy as np
import pytest

from tests.workers.league.worlds import ELO, World, concatenated, random_pairs, rows, series
from workers.league import Settings, empty_comparisons, fit
from workers.league.residuals import pair_residuals, watch_pairs

MASTER, PUPPETS = 0, range(25, 30)


def honest(seed=1, agents=30, matches=1500, **kind):
    rng = np.random.default_rng(seed)
    return World.drawn(seed, agents, **{"sd": 200, **kind}).play(random_pairs(rng, agents, matches), rng)


def flagged(played, agents=30):
    found = watch_pairs(played, agents=agents)
    return [(int(found.low[at]), int(found.high[at])) for at in found.flagged()]


def test_five_sock_puppets_that_lose_to_their_master_are_found_within_sixteen_episodes():
    rng = np.random.default_rng(3)
    elo = rng.normal(0, 200, 30)
    elo[MASTER], elo[list(PUPPETS)] = 0.0, 250.0
    fair = [pair for pair in random_pairs(rng, 30, 2500) if not {*pair} <= {MASTER, *PUPPETS}]
    played = World(elo, np.zeros((30, 30))).play(fair, rng)
    thrown = [
        row
        for at, puppet in enumerate(PUPPETS)
        for row in series(MASTER, puppet, [1] * 16, start=10_000 + 20 * at)
    ]
    pairs = flagged(concatenated(played, rows(*thrown)))
    assert {*pairs} == {(MASTER, puppet) for puppet in PUPPETS}


@pytest.mark.parametrize("kind", [{}, {"sd": 500}, {"luck": 300, "first_seat": 80}, {"cyclic": 200}])
def test_honest_agents_are_not_accused(kind):
    accused = sum(len(flagged(honest(seed, **kind))) for seed in range(6))
    # Of 2,600 pairs; a league of styles has pairs that are really strange.
    assert accused <= (8 if "cyclic" in kind else 1)


def test_the_scatter_of_honest_pairs_is_that_of_chance():
    played = honest(agents=8, matches=2000)
    z = pair_residuals(played, fit(played, agents=8)).z
    assert np.sqrt((z**2).mean()) == pytest.approx(0.9, abs=0.25)


def test_few_episodes_accuse_nobody():
    played = concatenated(honest(agents=8), rows(*series(0, 8, [1] * 7, start=9000)))
    found = pair_residuals(played, fit(played, agents=9))
    at = np.flatnonzero(found.high == 8)
    assert found.episodes[at] == 7
    assert found.z[at] == 0


def test_who_got_more_is_told_by_the_sign():
    played = rows(
        *series(1, 0, [1] * 10),
        *[
            each
            for b in (2, 3, 4)
            for a in (0, 1)
            for each in series(a, b, [1, 0] * 10, start=100 * b + 20 * a)
        ],
    )
    found = pair_residuals(played, fit(played, agents=5, settings=Settings(tau_elo=0.0, kappa=1.0)))
    first = int(np.flatnonzero((found.low == 0) & (found.high == 1))[0])
    assert found.points[first] == 0
    assert found.z[first] < -1.5


def test_seats_excuse_what_seats_explain():
    rng = np.random.default_rng(5)
    points = (rng.random(400) < 0.9).astype(float)
    agents = random_pairs(rng, 8, 400)
    results = [
        (number, a, b, point) for number, ((a, b), point) in enumerate(zip(agents, points, strict=True))
    ]
    played = rows(*results, seats=[(0, 1)] * 400)
    assert flagged(played, agents=8) == []


def test_without_results_there_is_nothing_to_accuse():
    found = pair_residuals(empty_comparisons(), fit(empty_comparisons(), agents=3))
    assert len(found.z) == 0
    assert len(found.flagged()) == 0


def test_a_thrown_pair_is_as_strange_as_the_formula_says():
    # Expected 0.35 of each point, got all: 3.9 deviations after 8 episodes, 5.5 after 16.
    gap = ELO * np.log(0.65 / 0.35)
    table = replace(fit(empty_comparisons(), agents=2), theta=np.array([0.0, gap / ELO]), kappa=1.0, tau=0.0)
    for episodes, z in ((8, 3.9), (16, 5.5)):
        assert pair_residuals(rows(*series(0, 1, [1] * episodes)), table).z == pytest.approx(z, abs=0.05)


def test_one_upset_of_a_hopeless_agent_is_no_crime():
    table = replace(fit(empty_comparisons(), agents=2), theta=np.array([0.0, 6.0]), kappa=1.0, tau=0.0)
    assert pair_residuals(rows(*series(0, 1, [1] + [0] * 15)), table).z < 4
    assert pair_residuals(rows(*series(0, 1, [1] * 6 + [0] * 10)), table).z > 4


def test_a_league_with_nothing_strange_is_fitted_once():
    played = rows(*series(0, 1, [1, 0] * 10), *series(1, 2, [1, 0] * 10, start=50))
    found = watch_pairs(played, agents=3)
    assert found.z == pytest.approx(pair_residuals(played, fit(played, agents=3)).z)
