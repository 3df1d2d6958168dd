"""Withdrawn agents held where they were: the others' numbers stay, and what is not known of them counts."""

import numpy as np
import pytest

from tests.workers.league.worlds import World, concatenated, random_pairs
from workers.league import Settings, fit, freeze

AGENTS = 14
GONE = [2, 9, 11]
FIXED = Settings(sigma_elo=300, kappa=1.0, tau_elo=0.0)


def played(seed=1, pairs=420, **kind):
    rng = np.random.default_rng(seed)
    return World.drawn(1, AGENTS, sd=250, **kind).play(
        random_pairs(rng, AGENTS, pairs), rng, start=10_000 * seed
    )


@pytest.mark.parametrize("settings", [FIXED, Settings(sigma_elo=300, kappa=1.0, tau_elo=100.0)])
def test_freezing_changes_nothing_by_itself(settings):
    before = fit(played(), agents=AGENTS, settings=settings)
    after = fit(played(), agents=AGENTS, settings=settings, frozen=freeze(before, GONE))
    # The held strengths are means where the others' mode is sought, hence not to the last digit.
    assert after.elo == pytest.approx(before.elo, abs=1.5)
    assert after.error == pytest.approx(before.error, rel=0.02)
    assert after.covariance == pytest.approx(before.covariance, abs=5e-3)
    assert after.rank.tolist() == before.rank.tolist()


def test_frozen_agents_keep_their_strength_when_others_play_on():
    before = fit(played(), agents=AGENTS)
    frozen = freeze(before, GONE)
    others = np.setdiff1d(np.arange(AGENTS), GONE)
    rng = np.random.default_rng(7)
    pairs = others[random_pairs(rng, len(others), 600)]
    more = World.drawn(1, AGENTS, sd=250).play(pairs, rng, start=90_000)
    after = fit(concatenated(played(), more), agents=AGENTS, frozen=frozen)
    assert after.theta[GONE] + after.origin == pytest.approx(frozen.theta, abs=1e-9)
    assert after.covariance[np.ix_(GONE, GONE)] == pytest.approx(frozen.covariance)
    assert (after.error[others] < before.error[others]).all()


def test_what_is_not_known_of_a_frozen_agent_stays_in_the_errors_of_its_opponents():
    before = fit(played(), agents=AGENTS, settings=FIXED)
    frozen = freeze(before, GONE)
    sure = type(frozen)(frozen.agents, frozen.theta, 0 * frozen.covariance)
    honest = fit(played(), agents=AGENTS, settings=FIXED, frozen=frozen)
    boasting = fit(played(), agents=AGENTS, settings=FIXED, frozen=sure)
    others = np.setdiff1d(np.arange(AGENTS), GONE)
    assert (np.diag(boasting.covariance)[others] < np.diag(honest.covariance)[others]).all()


def test_everybody_may_be_frozen():
    before = fit(played(), agents=AGENTS)
    after = fit(played(), agents=AGENTS, frozen=freeze(before, range(AGENTS)))
    assert after.theta == pytest.approx(before.theta)
    assert after.covariance == pytest.approx(before.covariance)


def test_seats_and_cycles_are_still_learned():
    before = fit(played(cyclic=200, pairs=1500), agents=AGENTS)
    after = fit(played(cyclic=200, pairs=1500), agents=AGENTS, frozen=freeze(before, GONE))
    assert after.tau == pytest.approx(before.tau, rel=0.1)
    assert after.kappa == pytest.approx(before.kappa, rel=0.02)
