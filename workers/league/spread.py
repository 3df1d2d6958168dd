"""Learn from the results how far agents lie apart, how noisy matches are, and how much pairs matter."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Evidence, Floats, sums
from workers.league.likelihood import ELO_PER_LOGIT, Solution, expected_points, information

_GRID_ELO: Final = np.geomspace(40.0, 1200.0, 60)
_PSEUDO: Final = 50.0
_KAPPA: Final = (0.25, 4.0)
_MOST_PAIR_VARIANCE: Final = 4.0
_LEVERAGE: Final = 0.98
_FLAT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Posterior:
    """Eigenvectors of the evidence at a solution: the shape of what is known."""

    eigenvalues: Floats
    """Information without the prior, ascending, never negative."""
    vectors: Floats
    prior: float
    """Prior precision, 1 / sigma squared."""

    def covariance(self) -> Floats:
        """Return (agents, agents) covariance of theta in logits squared."""
        return np.asarray((self.vectors / (self.eigenvalues + self.prior)) @ self.vectors.T)


def decompose(solution: Solution, sigma: float) -> Posterior:
    """Split a solution's precision into evidence and prior."""
    prior = 1.0 / sigma**2
    eigenvalues, vectors = np.linalg.eigh(solution.precision)
    return Posterior(np.maximum(eigenvalues - prior, 0.0), vectors, prior)


def learn_sigma(solution: Solution, posterior: Posterior, *, median_elo: float, log_sd: float) -> float:
    """Return the spread of strengths that makes the results most likely, in logits.

    Args:
        solution: the fit to judge.
        posterior: its decomposition.
        median_elo: median of the log-normal prior of the spread.
        log_sd: its standard deviation, in logarithms.

    Source:
        Laplace approximation of the marginal likelihood (empirical Bayes), on a grid of 40 to 1200 Elo.
    """
    known = posterior.eigenvalues > _FLAT
    value = posterior.eigenvalues[known]
    along = (posterior.vectors.T @ solution.theta)[known]
    scaled = along * (value + posterior.prior) / np.sqrt(value)
    grid = _GRID_ELO / ELO_PER_LOGIT
    total = 1.0 + np.outer(grid**2, value)
    fit = -0.5 * (np.log(total) + scaled**2 / total).sum(axis=1)
    belief = -0.5 * (np.log(_GRID_ELO / median_elo) / log_sd) ** 2
    return float(grid[np.argmax(fit + belief)])


def learn_kappa(evidence: Evidence, solution: Solution) -> float:
    """Return the weight of one comparison: below 1 where the episodes of a match go together.

    With one pair a match, only the scatter between matches of one pair counts, so that a pair effect
    does not look like noise. With several, the scatter of each match's whole score vector counts.
    """
    expected = solution.expected[evidence.row_cell]
    residual = evidence.row_points - evidence.row_weight * expected
    weight = evidence.row_weight * expected * (1.0 - expected)
    if len(evidence.match_pair):
        scatter, free = _within_pairs(evidence, residual, weight)
    else:
        scatter, free = _within_matches(evidence, residual), 2.0 * float(weight.sum())
    dispersion = (scatter + _PSEUDO) / (free + _PSEUDO)
    return float(np.clip(1.0 / dispersion, *_KAPPA))


def _within_pairs(evidence: Evidence, residual: Floats, weight: Floats) -> tuple[float, float]:
    of_match = sums(evidence.row_match, residual, evidence.matches)
    pairs = len(evidence.low)
    count = np.bincount(evidence.match_pair, minlength=pairs)
    squares = sums(evidence.match_pair, of_match**2, pairs)
    total = sums(evidence.match_pair, of_match, pairs)
    free = sums(evidence.cell_pair[evidence.row_cell], weight, pairs)
    scatter = squares - total**2 / count
    return float(scatter.sum()), float((free * (count - 1) / count).sum())


def _within_matches(evidence: Evidence, residual: Floats) -> float:
    pair = evidence.cell_pair[evidence.row_cell]
    keys = np.concatenate([evidence.low[pair], evidence.high[pair]])
    keys += np.tile(evidence.row_match, 2) * evidence.agents
    _, slots = np.unique(keys, return_inverse=True)
    scores = np.bincount(slots, np.concatenate([residual, -residual]))
    return float((scores**2).sum())


def learn_tau(
    evidence: Evidence, solution: Solution, *, kappa: float, covariance: Floats, tau: float
) -> float:
    """Return the spread of pair effects (intransitivity) in logits; 0 where it may be chance.

    Args:
        evidence: the summed comparisons.
        solution: the fit to judge.
        kappa: weight of one comparison.
        covariance: of the strengths; residuals of a fit are smaller than the errors by their leverage.
        tau: where to begin.

    Source:
        Method of moments for a variance component, weighted by precision.
    """
    expected = expected_points(evidence, solution.theta, solution.seat)
    pairs = len(evidence.low)
    residual = sums(evidence.cell_pair, evidence.points - evidence.weight * expected, pairs)
    weight = information(evidence, expected)
    noise = weight / kappa
    variance = np.diag(covariance)
    apart = variance[evidence.low] + variance[evidence.high]
    apart = apart - 2.0 * covariance[evidence.low, evidence.high]
    between = tau**2
    threshold = 0.0
    for _ in range(3):
        spread = noise + weight**2 * between
        free = 1.0 - np.minimum(_LEVERAGE, weight**2 / np.maximum(spread, _FLAT) * apart)
        trust = (weight / np.maximum(spread, _FLAT)) ** 2
        scale = float((trust * free * weight**2).sum())
        if scale <= _FLAT:
            return 0.0
        between = float((trust * free * (residual**2 - noise * free)).sum()) / scale
        between = min(max(between, 0.0), _MOST_PAIR_VARIANCE)
        threshold = float(np.sqrt(2.0 * (trust**2 * noise**2).sum()) / (trust * weight**2).sum())
    return float(np.sqrt(between)) if between > threshold else 0.0
