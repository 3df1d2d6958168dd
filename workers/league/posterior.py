"""What is known of strengths at a solution: covariance, variance of differences, spectrum, and the mean.

How it works. Around its mode the posterior is nearly normal. It leans outwards, though: a logistic likelihood
falls off more slowly away from even chance, so that the mean lies further out than the mode, the more so the
less is known. The mean is what has the least error and what intervals of a normal shape must sit around.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Floats
from workers.league.curvature import Dense, Sparse
from workers.league.evidence import Evidence
from workers.league.likelihood import Frozen, Solution, Spreads, pulled

_SEED: Final = 20261122
_PROBES: Final = 2
_NO_PRIOR: Final = 50.0
"""Logits (8,686 Elo); a spread of strengths that is no prior any more."""
_DEPTH: Final = 16
"""Steps of Lanczos' method; the spectrum of a league's graph has no sharp edges."""


@dataclass(frozen=True, slots=True)
class Spectrum:
    """What `learn_sigma` sums over; all of one length."""

    values: Floats
    """Eigenvalues of the information without the prior, never negative."""
    counts: Floats
    """How many eigenvalues each stands for."""
    energies: Floats
    """What the estimate amounts to along each, in units of its error with no prior, squared."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known of strengths, logits squared."""

    covariance: Floats
    """(agents, agents); (0, 0) in a field that is fitted without full matrices."""
    variance: Floats
    """(agents,) of each strength; about, in such a field."""
    apart: Floats
    """(pairs,) variance of the difference of each pair that met; about, in such a field."""


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean of the posterior, logits."""

    theta: Floats
    seat: Floats
    pair: Floats


def posterior(evidence: Evidence, spreads: Spreads, solution: Solution, frozen: Frozen | None) -> Posterior:
    """Return what is known of strengths at a solution."""
    low, high = evidence.low, evidence.high
    bend = solution.curvature
    if isinstance(bend, Dense):
        covariance = _covariance(evidence, spreads, solution, bend, frozen)
        variance = np.diag(covariance)
        return Posterior(covariance, variance, variance[low] + variance[high] - 2.0 * covariance[low, high])
    variance = bend.variances()
    if frozen is not None:
        variance[frozen.agents] = np.diag(frozen.covariance)
    shared = bend.upper.data / (bend.diagonal[low] * bend.diagonal[high])
    return Posterior(
        np.zeros((0, 0)), variance, np.maximum(variance[low] + variance[high] - 2.0 * shared, 0.0)
    )


def posterior_mean(evidence: Evidence, spreads: Spreads, solution: Solution, known: Posterior) -> Mean:
    """Return the mean of the posterior, from its mode and its third derivatives.

    Measured on simulated leagues of 100 agents under adaptive pairing: from 16 to 32 episodes an agent, the
    root mean square error of ratings falls by up to 11 %, and where 95 % intervals around the mode cover the
    truth least often (luck of the seed and seats, 512 episodes an agent) coverage rises from .89 to .94.
    What is not known of seats is left out; they are few. Without a prior to speak of the mean need not exist;
    then it is the mode that is returned, the estimate of greatest likelihood.

    Source:
        The first-order correction of Laplace's method: Tierney & Kadane 1986, JASA 81:82-86.
    """
    tau = spreads.tau
    if spreads.sigma > _NO_PRIOR:
        return Mean(solution.theta, solution.seat, solution.pair)
    by_cell = spreads.kappa * evidence.weight * solution.expected * (1.0 - solution.expected)
    by_pair = evidence.by_pair(by_cell)
    kept = 1.0 / (1.0 + tau**2 * by_pair)
    variance = kept**2 * known.apart + tau**2 * kept
    # The term is the first of a series in the variance. Where next to nothing is known it is held back, so
    # that a perfect record against one opponent is not made more of than its wins show.
    trusted = variance / (1.0 + variance**2)
    force = 0.5 * by_cell * (2.0 * solution.expected - 1.0) * evidence.by_cell(trusted)
    of_pair = evidence.by_pair(force)
    # The pair effect gives way to its share of the force; the rest moves strengths and seats.
    passed = force - by_cell * evidence.by_cell(tau**2 * kept * of_pair)
    step = solution.curvature.solve(pulled(evidence, passed))
    theta = solution.theta + step[: evidence.agents]
    seat = solution.seat + step[evidence.agents :]
    if not tau:
        return Mean(theta, seat, solution.pair)
    padded = np.append(step[evidence.agents :], 0.0)
    moved = evidence.by_cell(step[evidence.low] - step[evidence.high])
    moved = moved + padded[evidence.seat_low] - padded[evidence.seat_high]
    left = of_pair - evidence.by_pair(by_cell * moved)
    return Mean(theta, seat, solution.pair + tau**2 * kept * left)


def spectrum(solution: Solution, theta: Floats, sigma: float) -> Spectrum:
    """Split a solution's information into independent parts, the prior taken off.

    In a field without full matrices, by quadrature: Lanczos' method from the estimate itself and from fixed
    random vectors.

    Source:
        Golub & Welsch 1969, Mathematics of Computation 23:221-230; Ubaru, Chen & Saad 2017, SIAM Journal on
        Matrix Analysis 38:1075-1099, for logarithms of determinants.
    """
    prior, bend = sigma**-2, solution.curvature
    if isinstance(bend, Dense):
        values, vectors = np.linalg.eigh(bend.strengths())
        values = np.maximum(values - prior, 0.0)
        along = vectors.T @ theta[bend.free]
        scaled = along * (values + prior) / np.sqrt(np.maximum(values, 1e-300))
        return Spectrum(values, np.ones(len(values)), scaled**2)
    pull = np.where(bend.free, bend.times(np.where(bend.free, theta, 0.0)), 0.0)
    values, shares = _lanczos(bend, pull, prior)
    energies = shares * (pull @ pull) / np.maximum(values, 1e-300)
    found = [(values, np.zeros(len(values)), energies)]
    rng = np.random.default_rng(_SEED)
    for _ in range(_PROBES):
        probe = np.where(bend.free, rng.choice((-1.0, 1.0), len(theta)), 0.0)
        values, shares = _lanczos(bend, probe, prior)
        found.append((values, shares * (probe @ probe) / _PROBES, np.zeros(len(values))))
    return Spectrum(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _covariance(
    evidence: Evidence, spreads: Spreads, solution: Solution, bend: Dense, frozen: Frozen | None
) -> Floats:
    """Return (agents, agents): the free strengths given the held ones, and what is not known of these."""
    inverse = np.asarray(np.linalg.inv(bend.strengths()))
    if frozen is None:
        return inverse
    agents, free, held = evidence.agents, bend.free, np.asarray(frozen.agents)
    by_cell = spreads.kappa * evidence.weight * solution.expected * (1.0 - solution.expected)
    by_pair = evidence.by_pair(by_cell)
    effective = by_pair / (1.0 + spreads.tau**2 * by_pair)
    between = np.zeros((agents, agents))
    between[evidence.low, evidence.high] = between[evidence.high, evidence.low] = effective
    follows = inverse @ between[np.ix_(free, held)]
    covariance = np.zeros((agents, agents))
    covariance[np.ix_(held, held)] = frozen.covariance
    covariance[np.ix_(free, held)] = follows @ frozen.covariance
    covariance[np.ix_(held, free)] = covariance[np.ix_(free, held)].T
    covariance[np.ix_(free, free)] = inverse + follows @ frozen.covariance @ follows.T
    return covariance


def _lanczos(bend: Sparse, start: Floats, prior: float) -> tuple[Floats, Floats]:
    """Return nodes and weights (summing to 1) of the spectrum without the prior, as a vector sees it."""
    norm = float(np.linalg.norm(start))
    if not norm:
        return np.zeros(1), np.ones(1)
    basis = [start / norm]
    main, beside = [], []
    for _ in range(_DEPTH):
        moved = bend.times(basis[-1])
        moved = np.where(bend.free, moved, 0.0)
        main.append(float(moved @ basis[-1]))
        known = np.stack(basis)
        moved = moved - known.T @ (known @ moved)
        moved = moved - known.T @ (known @ moved)
        beside.append(float(np.linalg.norm(moved)))
        if beside[-1] < 1e-9 * main[0]:
            break
        basis.append(moved / beside[-1])
    between = np.array(beside[: len(main) - 1])
    values, vectors = np.linalg.eigh(np.diag(main) + np.diag(between, 1) + np.diag(between, -1))
    return np.maximum(values - prior, 0.0), np.asarray(vectors[0] ** 2)
