"""Fit ratings for given spreads: Newton's method on the summed comparisons.

Source:
    Bradley & Terry 1952, Biometrika 39:324-345, with a normal prior and a random effect for each pair.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Booleans, Floats, Integers, sums
from workers.league.curvature import Curvature, Terms, curvature
from workers.league.evidence import Evidence

ELO_PER_LOGIT: Final = 400.0 / math.log(10.0)
_STEP: Final = 2.0
CLOSE: Final = 1e-9
_ROUNDS: Final = 60
_PAIR_ROUNDS: Final = 2
_SOLVED: Final = 1e-5
"""Precision of one step, where steps are not exact; the next step mends the rest."""


@dataclass(frozen=True, slots=True)
class Spreads:
    """What the likelihood takes as given; all in logits."""

    sigma: float
    """Spread of strength between agents (prior)."""
    kappa: float
    """Weight of one comparison: 1 / dispersion."""
    tau: float
    """Spread of what a pair does beyond its two strengths."""
    seat_sigma: float
    """Spread of seat effects (prior)."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The mode of the posterior; all in logits."""

    theta: Floats
    """(agents,) strength."""
    seat: Floats
    """(seats,) advantage of a seat."""
    pair: Floats
    """(pairs,) what the low agent does beyond its strength against the high one."""
    expected: Floats
    """(cells,) expected points of the low agent."""
    curvature: Curvature
    """Negative Hessian over agents and seats, pair effects integrated out."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """Agents whose strength is held where it was: those withdrawn long ago."""

    agents: Integers
    """(frozen,) agent index."""
    theta: Floats
    """(frozen,) logits from the mean of the prior."""
    covariance: Floats
    """(frozen, frozen) logits squared: how well those strengths are known."""


def solve(
    evidence: Evidence,
    spreads: Spreads,
    start: Solution | None = None,
    *,
    frozen: Frozen | None = None,
    close: float = CLOSE,
) -> Solution:
    """Return the posterior mode for given spreads.

    Args:
        evidence: the summed comparisons.
        spreads: prior and dispersion.
        start: a nearby solution to begin from.
        frozen: agents that are held.
        close: largest last step, logits.
    """
    agents, free = evidence.agents, np.ones(evidence.agents, bool)
    theta = start.theta if start else np.zeros(agents)
    if frozen is not None:
        theta = theta.copy()
        theta[frozen.agents], free[frozen.agents] = frozen.theta, False
    seat = start.seat if start else np.zeros(evidence.seats)
    pair = start.pair if start and spreads.tau else np.zeros(len(evidence.low))
    for _ in range(_ROUNDS):
        fixed = _logits(evidence, theta, seat)
        pair = _pair_effects(evidence, spreads, fixed, pair)
        expected = _expected(fixed + evidence.by_cell(pair))
        gradient = _gradient(evidence, spreads, theta, seat, expected)
        bend = bent(evidence, spreads, expected, free)
        step = np.clip(bend.solve(gradient, precision=_SOLVED), -_STEP, _STEP)
        theta = theta + step[:agents]
        seat = seat + step[agents:]
        if np.abs(step).max(initial=0.0) < close:
            break
    fixed = _logits(evidence, theta, seat)
    pair = _pair_effects(evidence, spreads, fixed, pair)
    expected = _expected(fixed + evidence.by_cell(pair))
    return Solution(theta, seat, pair, expected, bent(evidence, spreads, expected, free))


def bent(evidence: Evidence, spreads: Spreads, expected: Floats, free: Booleans) -> Curvature:
    """Return the curvature where these points are expected."""
    by_cell = spreads.kappa * evidence.weight * expected * (1.0 - expected)
    terms = Terms(by_cell, spreads.tau, spreads.sigma**-2, spreads.seat_sigma**-2)
    return curvature(evidence, terms, free)


def seat_errors(evidence: Evidence, solution: Solution) -> Floats:
    """Return (seats,) standard errors of the seats' advantages from their mean, logits.

    Strengths are integrated out. The mean of all seats is no part of any result, so it is taken off.
    """
    if not evidence.seats:
        return np.zeros(0)
    centre = np.eye(evidence.seats) - 1.0 / evidence.seats
    variance = np.diag(centre @ solution.curvature.seat_covariance() @ centre)
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def information(evidence: Evidence, expected: Floats) -> Floats:
    """Return each pair's information, weight x p x (1 - p), at dispersion 1."""
    weight = evidence.weight * expected * (1.0 - expected)
    return evidence.by_pair(weight)


def expected_points(evidence: Evidence, theta: Floats, seat: Floats, pair: Floats | None = None) -> Floats:
    """Return (cells,) expected points of the low agent; no pair effect if `pair` (cells,) is left out."""
    logits = _logits(evidence, theta, seat)
    return _expected(logits if pair is None else logits + pair)


def _expected(logits: Floats) -> Floats:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logits))


def _logits(evidence: Evidence, theta: Floats, seat: Floats) -> Floats:
    logits = evidence.by_cell(theta[evidence.low] - theta[evidence.high])
    if evidence.seats:
        padded = np.append(seat, 0.0)
        logits = logits + padded[evidence.seat_low] - padded[evidence.seat_high]
    return np.asarray(logits)


def _pair_effects(evidence: Evidence, spreads: Spreads, fixed: Floats, pair: Floats) -> Floats:
    """Improve the pair effects by clipped one-dimensional Newton steps."""
    if not spreads.tau:
        return pair
    prior = 1.0 / spreads.tau**2
    for _ in range(_PAIR_ROUNDS):
        expected = _expected(fixed + evidence.by_cell(pair))
        residual = evidence.points - evidence.weight * expected
        slope = spreads.kappa * evidence.by_pair(residual) - prior * pair
        bend = spreads.kappa * information(evidence, expected) + prior
        pair = np.clip(pair + np.clip(slope / bend, -1.0, 1.0), -5 * spreads.tau, 5 * spreads.tau)
    return pair


def _gradient(evidence: Evidence, spreads: Spreads, theta: Floats, seat: Floats, expected: Floats) -> Floats:
    pull = pulled(evidence, spreads.kappa * (evidence.points - evidence.weight * expected))
    pull[: evidence.agents] -= theta / spreads.sigma**2
    pull[evidence.agents :] -= seat / spreads.seat_sigma**2
    return pull


def pulled(evidence: Evidence, force: Floats) -> Floats:
    """Return (agents + seats,) what forces on the cells' logits add up to."""
    by_pair = evidence.by_pair(force)
    of_theta = sums(evidence.low, by_pair, evidence.agents) - sums(evidence.high, by_pair, evidence.agents)
    if not evidence.seats:
        return of_theta
    # Index -1, no seat, falls into the first bin, which is cut off.
    of_seat = (
        sums(evidence.seat_low + 1, force, evidence.seats + 1)
        - sums(evidence.seat_high + 1, force, evidence.seats + 1)
    )[1:]
    return np.concatenate([of_theta, of_seat])
