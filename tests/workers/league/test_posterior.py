"""The mean of the posterior: what it is in a case that can be integrated, and that it is nearer the truth."""

import numpy as np
import pytest

from tests.workers.league.worlds import ELO, World, concatenated, random_pairs, rows, series, state_of
from workers.league import Settings, choose_pairs, fit
from workers.league.evidence import gather
from workers.league.likelihood import Spreads, solve

FIXED = Settings(sigma_elo=300, kappa=1.0, tau_elo=0.0)


def integrated(wins, losses, sigma):
    """Return the exact mean of the strength of the first of two agents, Elo, by quadrature."""
    gap = np.linspace(-15, 25, 20_001)
    log = -(gap**2) / (4 * sigma**2) - wins * np.log1p(np.exp(-gap)) - losses * np.log1p(np.exp(gap))
    weight = np.exp(log - log.max())
    return ELO * float(weight @ gap / weight.sum()) / 2


def mode(played, agents, tau=0.0):
    return solve(gather(played, agents), Spreads(300 / ELO, 1.0, tau, 200 / ELO))


@pytest.mark.parametrize(("wins", "losses"), [(7, 3), (12, 4), (20, 6), (30, 2)])
def test_ratings_are_the_mean_of_what_is_known_not_its_peak(wins, losses):
    played = rows(*series(0, 1, [1] * wins + [0] * losses))
    exact = integrated(wins, losses, 300 / ELO)
    rating = fit(played, agents=2, settings=FIXED).elo[0] - 1500
    peak = ELO * mode(played, 2).theta[0]
    assert peak < rating
    assert abs(rating - exact) < 0.35 * abs(peak - exact) + 0.5


def test_even_results_leave_mean_and_peak_together():
    played = rows(*series(0, 1, [1, 0] * 6))
    assert fit(played, agents=2, settings=FIXED).elo == pytest.approx([1500, 1500], abs=1e-9)


def test_with_many_results_mean_and_peak_are_one():
    played = rows(*series(0, 1, [1, 1, 0] * 700))
    peak = ELO * mode(played, 2).theta[0]
    assert fit(played, agents=2, settings=FIXED).elo[0] - 1500 == pytest.approx(peak, abs=0.3)


def test_pair_effects_take_their_share_of_the_shift():
    rng = np.random.default_rng(1)
    played = World.drawn(1, 8, sd=300).play(random_pairs(rng, 8, 60), rng)
    peak = mode(played, 8, tau=1.0)
    table = fit(played, agents=8, settings=Settings(sigma_elo=300, kappa=1.0, tau_elo=ELO))
    low, high = table.pair_low, table.pair_high
    before = peak.theta[low] - peak.theta[high] + peak.pair
    after = table.theta[low] - table.theta[high] + table.pair_elo / ELO
    # Outwards, whichever side a pair leans to, and by both the strengths and the pair's own effect.
    leaning = np.abs(before) > 0.3
    assert (np.sign(before) * (after - before))[leaning].min() > -0.02
    assert (np.sign(before) * (after - before))[leaning].mean() > 0.05


def league(seed, rounds):
    """Play rounds of chosen pairs among 40 agents, each in two matches a round on average."""
    rng = np.random.default_rng(seed)
    world = World.drawn(seed, 40, sd=400)
    played = world.play(random_pairs(rng, 40, 40), rng)
    for number in range(1, rounds):
        chosen = choose_pairs(state_of(fit(played, agents=40)), count=40, rng=rng)
        more = world.play([pairing.lineup for pairing in chosen], rng, start=1000 * number)
        played = concatenated(played, more)
    return world.truth(), played


@pytest.mark.parametrize("rounds", [4, 8])
def test_the_mean_is_nearer_the_truth_than_the_peak(rounds):
    errors = []
    for seed in range(6):
        truth, played = league(seed, rounds)
        table = fit(played, agents=40)
        peak = solve(gather(played, 40), Spreads(table.sigma0, table.kappa, table.tau, 1.0)).theta * ELO
        mean = table.elo - table.elo.mean()
        errors.append([np.mean((mean - truth) ** 2), np.mean((peak - peak.mean() - truth) ** 2)])
    by_mean, by_peak = np.sqrt(np.mean(errors, axis=0))
    assert by_mean < by_peak
