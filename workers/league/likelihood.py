"""Fit ratings for given spreads: Newton's method on the summed comparisons.

Source:
    Bradley & Terry 1952, Biometrika 39:324-345, with a normal prior and a random effect for each pair.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Evidence, Floats, sums

ELO_PER_LOGIT: Final = 400.0 / math.log(10.0)
_STEP: Final = 2.0
_CLOSE: Final = 1e-9
_ROUNDS: Final = 60
_PAIR_ROUNDS: Final = 2


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
    precision: Floats
    """(agents, agents) inverse covariance of theta, prior included, seats integrated out."""


def solve(evidence: Evidence, spreads: Spreads, start: Solution | None = None) -> Solution:
    """Return the posterior mode for given spreads.

    Args:
        evidence: the summed comparisons.
        spreads: prior and dispersion.
        start: a nearby solution to begin from.
    """
    theta = start.theta if start else np.zeros(evidence.agents)
    seat = start.seat if start else np.zeros(evidence.seats)
    pair = start.pair if start and spreads.tau else np.zeros(len(evidence.low))
    for _ in range(_ROUNDS):
        fixed = _logits(evidence, theta, seat)
        pair = _pair_effects(evidence, spreads, fixed, pair)
        expected = _expected(fixed + pair[evidence.cell_pair])
        gradient = _gradient(evidence, spreads, theta, seat, expected)
        curvature = _curvature(evidence, spreads, expected)
        step = np.clip(np.linalg.solve(curvature, gradient), -_STEP, _STEP)
        theta = theta + step[: evidence.agents]
        seat = seat + step[evidence.agents :]
        if np.abs(step).max(initial=0.0) < _CLOSE:
            break
    fixed = _logits(evidence, theta, seat)
    pair = _pair_effects(evidence, spreads, fixed, pair)
    expected = _expected(fixed + pair[evidence.cell_pair])
    curvature = _curvature(evidence, spreads, expected)
    return Solution(theta, seat, pair, expected, _without_seats(curvature, evidence.agents))


def seat_errors(evidence: Evidence, spreads: Spreads, solution: Solution) -> Floats:
    """Return (seats,) standard errors of the seats' advantages from their mean, logits.

    Strengths are integrated out. The mean of all seats is no part of any result, so it is taken off.
    """
    if not evidence.seats:
        return np.zeros(0)
    agents = evidence.agents
    curvature = _curvature(evidence, spreads, solution.expected)
    cross = curvature[:agents, agents:]
    inner = curvature[agents:, agents:] - cross.T @ np.linalg.solve(curvature[:agents, :agents], cross)
    centre = np.eye(evidence.seats) - 1.0 / evidence.seats
    variance = np.diag(centre @ np.linalg.inv(inner) @ centre)
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


def information(evidence: Evidence, expected: Floats) -> Floats:
    """Return each pair's information, weight x p x (1 - p), at dispersion 1."""
    weight = evidence.weight * expected * (1.0 - expected)
    return sums(evidence.cell_pair, weight, len(evidence.low))


def expected_points(evidence: Evidence, theta: Floats, seat: Floats) -> Floats:
    """Return (cells,) expected points of the low agent with no pair effect."""
    return _expected(_logits(evidence, theta, seat))


def _expected(logits: Floats) -> Floats:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logits))


def _logits(evidence: Evidence, theta: Floats, seat: Floats) -> Floats:
    logits = (theta[evidence.low] - theta[evidence.high])[evidence.cell_pair]
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
        expected = _expected(fixed + pair[evidence.cell_pair])
        residual = evidence.points - evidence.weight * expected
        slope = spreads.kappa * sums(evidence.cell_pair, residual, len(pair)) - prior * pair
        bend = spreads.kappa * information(evidence, expected) + prior
        pair = np.clip(pair + np.clip(slope / bend, -1.0, 1.0), -5 * spreads.tau, 5 * spreads.tau)
    return pair


def _gradient(evidence: Evidence, spreads: Spreads, theta: Floats, seat: Floats, expected: Floats) -> Floats:
    residual = spreads.kappa * (evidence.points - evidence.weight * expected)
    by_pair = sums(evidence.cell_pair, residual, len(evidence.low))
    of_theta = (
        sums(evidence.low, by_pair, evidence.agents)
        - sums(evidence.high, by_pair, evidence.agents)
        - theta / spreads.sigma**2
    )
    if not evidence.seats:
        return np.asarray(of_theta)
    # Index -1, no seat, falls into the first bin, which is cut off.
    of_seat = (
        sums(evidence.seat_low + 1, residual, evidence.seats + 1)
        - sums(evidence.seat_high + 1, residual, evidence.seats + 1)
    )[1:] - seat / spreads.seat_sigma**2
    return np.concatenate([of_theta, of_seat])


def _curvature(evidence: Evidence, spreads: Spreads, expected: Floats) -> Floats:
    """Return the negative Hessian over agents and seats with the pair effects integrated out."""
    agents = evidence.agents
    by_pair = spreads.kappa * information(evidence, expected)
    effective = by_pair / (1.0 + spreads.tau**2 * by_pair)
    curvature = np.zeros((agents + evidence.seats,) * 2)
    curvature[evidence.low, evidence.high] = -effective
    curvature[evidence.high, evidence.low] = -effective
    diagonal = np.arange(agents)
    curvature[diagonal, diagonal] = (
        sums(evidence.low, effective, agents)
        + sums(evidence.high, effective, agents)
        + 1.0 / spreads.sigma**2
    )
    if evidence.seats:
        _add_seats(curvature, evidence, spreads, expected, by_pair)
    return curvature


def _add_seats(
    curvature: Floats, evidence: Evidence, spreads: Spreads, expected: Floats, by_pair: Floats
) -> None:
    agents, seats = evidence.agents, evidence.seats
    weight = spreads.kappa * evidence.weight * expected * (1.0 - expected)
    signs = np.zeros((len(weight), seats + 1))
    cells = np.arange(len(weight))
    signs[cells, evidence.seat_low + 1] += 1.0
    signs[cells, evidence.seat_high + 1] -= 1.0
    signs = signs[:, 1:]
    pairs = len(evidence.low)
    moved = np.stack(
        [sums(evidence.cell_pair, weight * signs[:, seat], pairs) for seat in range(seats)], axis=1
    )
    shrunk = moved / (1.0 + spreads.tau**2 * by_pair)[:, None]
    for seat in range(seats):
        cross = sums(evidence.low, shrunk[:, seat], agents)
        cross -= sums(evidence.high, shrunk[:, seat], agents)
        curvature[:agents, agents + seat] = cross
        curvature[agents + seat, :agents] = cross
    own = (signs * weight[:, None]).T @ signs
    if spreads.tau:
        own -= (moved / (by_pair + 1.0 / spreads.tau**2)[:, None]).T @ moved
    curvature[agents:, agents:] = own + np.eye(seats) / spreads.seat_sigma**2


def _without_seats(curvature: Floats, agents: int) -> Floats:
    """Integrate the seat effects out: the Schur complement."""
    if curvature.shape[0] == agents:
        return curvature
    cross = curvature[:agents, agents:]
    inner = np.linalg.solve(curvature[agents:, agents:], cross.T)
    whole = curvature[:agents, :agents] - cross @ inner
    return np.asarray(0.5 * (whole + whole.T))
