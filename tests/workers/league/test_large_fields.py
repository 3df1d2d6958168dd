"""A field too large for full matrices: the ratings of the dense fit, and exact errors for whom one asks."""

import numpy as np
import pytest

from tests.workers.league.worlds import ELO, World, random_pairs, taken
from workers.league import Comparisons, Settings, curvature, fit, scale
from workers.league.evidence import gather
from workers.league.refining import covariance_between, refine

AGENTS = 90


def league(**kind):
    rng = np.random.default_rng(3)
    return World.drawn(3, AGENTS, sd=300, **kind).play(random_pairs(rng, AGENTS, 2400), rng)


def seated(played):
    once = taken(played, np.arange(0, len(played), 2))
    size = len(once)
    columns = (once.match, once.side_a, once.side_b, np.zeros(size, int), np.ones(size, int))
    return Comparisons(*columns, once.points, once.weight)


@pytest.fixture
def large(monkeypatch):
    """Let a field count as large from 50 agents on."""
    monkeypatch.setattr(curvature, "DENSE_AGENTS", 50)
    monkeypatch.setattr(scale, "DENSE_AGENTS", 50)


@pytest.fixture(params=["plain", "cyclic", "seats"])
def played(request):
    if request.param == "seats":
        return seated(league(first_seat=100))
    return league(cyclic=200) if request.param == "cyclic" else league(luck=200)


def test_ratings_are_those_of_the_dense_fit(played, request):
    learned = fit(played, agents=AGENTS)
    spreads = Settings(
        sigma_elo=learned.sigma0 * ELO, kappa=learned.kappa, tau_elo=learned.intransitivity_elo
    )
    dense = fit(played, agents=AGENTS, settings=spreads)
    request.getfixturevalue("large")
    sparse = fit(played, agents=AGENTS, settings=spreads)
    # They differ by how far the mean lies from the mode, for which a large field has rough variances.
    assert sparse.elo == pytest.approx(dense.elo, abs=1.0)
    assert sparse.field_rate == pytest.approx(dense.field_rate, abs=1e-3)
    assert sparse.seat_elo == pytest.approx(dense.seat_elo, abs=0.1)
    assert sparse.seat_error == pytest.approx(dense.seat_error, rel=0.05)
    assert np.abs(sparse.rank - dense.rank).max() <= 1
    assert np.abs(sparse.rank_low - dense.rank_low).mean() < 2


def test_spreads_are_learned_as_in_the_dense_fit(played, request):
    dense = fit(played, agents=AGENTS)
    request.getfixturevalue("large")
    sparse = fit(played, agents=AGENTS)
    assert sparse.kappa == pytest.approx(dense.kappa, rel=0.02)
    assert sparse.tau == pytest.approx(dense.tau, rel=0.05, abs=0.03)
    # Two steps of the grid of spreads are 12 %.
    assert sparse.sigma0 == pytest.approx(dense.sigma0, rel=0.13)


def test_errors_are_near_at_first_and_exact_once_asked_for(played, request):
    dense = fit(played, agents=AGENTS)
    request.getfixturevalue("large")
    sums = gather(played, AGENTS)
    rough = fit(sums, agents=AGENTS)
    assert not rough.is_exact.any()
    assert not rough.covariance.size
    assert rough.error == pytest.approx(dense.error, rel=0.2)
    shown = np.argsort(rough.rank)[:10]
    fine = refine(sums, rough, shown)
    assert fine.is_exact.sum() == 10
    assert fine.error[shown] == pytest.approx(dense.error[shown], rel=0.03)
    assert np.array_equal(fine.elo, rough.elo)
    others = np.setdiff1d(np.arange(AGENTS), shown)
    assert np.array_equal(fine.error[others], rough.error[others])
    rest = refine(sums, fine, np.arange(AGENTS))
    assert rest.is_exact.all()
    assert np.array_equal(rest.error[shown], fine.error[shown])


def test_agents_on_display_can_be_compared(large):
    played = league()
    sums = gather(played, AGENTS)
    table = fit(sums, agents=AGENTS)
    some = [3, 17, 40]
    between = covariance_between(sums, table, some)
    by_column = covariance_between(sums, table, range(AGENTS))[np.ix_(some, some)]
    assert between == pytest.approx(by_column, abs=1e-5)


def test_a_small_field_has_nothing_to_refine():
    played = league()
    table = fit(played, agents=AGENTS)
    assert table.is_exact.all()
    assert refine(gather(played, AGENTS), table, range(AGENTS)) is table


def test_errors_asked_for_equal_those_of_the_matrix():
    played = league(cyclic=200)
    table = fit(played, agents=AGENTS)
    centre = np.eye(AGENTS) - table.centre[None, :]
    wanted = centre @ table.covariance @ centre.T
    assert covariance_between(gather(played, AGENTS), table, range(AGENTS)) == pytest.approx(wanted, abs=1e-5)


def test_the_order_of_results_changes_no_bit_of_a_large_field(large):
    played = league(first_seat=50)
    order = np.random.default_rng(1).permutation(len(played))
    assert fit(played, agents=AGENTS).digest() == fit(taken(played, order), agents=AGENTS).digest()


def test_a_large_field_of_which_most_never_played_is_finite(large):
    table = fit(league(), agents=AGENTS + 60)
    assert np.isfinite(table.elo).all()
    assert (table.rank[AGENTS:] == 0).all()
    assert table.error[AGENTS:] == pytest.approx(table.sigma0 * ELO, rel=0.05)
