"""Learn from the results how far agents lie apart, how noisy matches are, and how much pairs matter."""

from typing import Final

import numpy as np

from workers.league.comparisons import Floats, sums
from workers.league.evidence import Evidence
from workers.league.likelihood import ELO_PER_LOGIT, Solution, expected_points, information
from workers.league.posterior import Spectrum

_GRID_ELO: Final = np.geomspace(40.0, 1200.0, 60)
_PSEUDO: Final = 50.0
_KAPPA: Final = (0.25, 4.0)
_MOST_PAIR_VARIANCE: Final = 4.0
_LEVERAGE: Final = 0.98
_FLAT: Final = 1e-9


def learn_sigma(known: Spectrum, *, median_elo: float, log_sd: float) -> float:
    """Return the spread of strengths that makes the results most likely, in logits.

    Args:
        known: the spectrum of the fit to judge.
        median_elo: median of the log-normal prior of the spread.
        log_sd: its standard deviation, in logarithms.

    Source:
        Laplace approximation of the marginal likelihood (empirical Bayes), on a grid of 40 to 1200 Elo.
    """
    some = known.values > _FLAT
    grid = _GRID_ELO / ELO_PER_LOGIT
    total = 1.0 + np.outer(grid**2, known.values[some])
    fit = -0.5 * (known.counts[some] * np.log(total) + known.energies[some] / total).sum(axis=1)
    belief = -0.5 * (np.log(_GRID_ELO / median_elo) / log_sd) ** 2
    return float(grid[np.argmax(fit + belief)])


def learn_kappa(evidence: Evidence, solution: Solution) -> float:
    """Return the weight of one comparison: below 1 where the episodes of a match go together.

    With one pair a match, only the scatter between matches of one pair counts, so that a pair effect
    does not look like noise. With several, the scatter of each match's whole score vector counts.
    """
    expected = solution.expected
    weight = evidence.weight * expected * (1.0 - expected)
    if evidence.is_paired:
        scatter, free = _within_pairs(evidence, expected, weight)
    else:
        scatter, free = _within_matches(evidence, expected), 2.0 * float(weight.sum())
    dispersion = (scatter + _PSEUDO) / (free + _PSEUDO)
    return float(np.clip(1.0 / dispersion, *_KAPPA))


def _within_pairs(evidence: Evidence, expected: Floats, weight: Floats) -> tuple[float, float]:
    pairs = len(evidence.low)
    kind_pair = evidence.cell_pair[evidence.kind_cell]
    squares = sums(kind_pair, _kind_squares(evidence, expected), pairs)
    count = sums(kind_pair, evidence.kind_count.astype(np.float64), pairs)
    if len(evidence.match_pair):
        of_match = sums(evidence.row_match, _row_residuals(evidence, expected), len(evidence.match_pair))
        # In the order of their size, so that the numbers of the matches change no bit.
        order = np.lexsort((of_match**2, evidence.match_pair))
        squares += sums(evidence.match_pair[order], of_match[order] ** 2, pairs)
        count += np.bincount(evidence.match_pair, minlength=pairs)
    total = evidence.by_pair(evidence.points - evidence.weight * expected)
    free = evidence.by_pair(weight)
    scatter = squares - total**2 / count
    return float(scatter.sum()), float((free * (count - 1) / count).sum())


def _within_matches(evidence: Evidence, expected: Floats) -> float:
    residual = _row_residuals(evidence, expected)
    pair = evidence.cell_pair[evidence.row_cell]
    keys = np.concatenate([evidence.low[pair], evidence.high[pair]])
    keys += np.tile(evidence.row_match, 2) * evidence.agents
    _, slots = np.unique(keys, return_inverse=True)
    scores = np.bincount(slots, np.concatenate([residual, -residual]))
    return float(np.sort(scores**2).sum()) + 2.0 * float(_kind_squares(evidence, expected).sum())


def _row_residuals(evidence: Evidence, expected: Floats) -> Floats:
    return np.asarray(evidence.row_points - evidence.row_weight * expected[evidence.row_cell])


def _kind_squares(evidence: Evidence, expected: Floats) -> Floats:
    """Return (kinds,) the squared residuals of matches, summed."""
    promised = evidence.kind_weight * expected[evidence.kind_cell]
    return np.asarray(
        evidence.kind_squares - 2.0 * promised * evidence.kind_points + evidence.kind_count * promised**2
    )


def learn_tau(evidence: Evidence, solution: Solution, *, kappa: float, apart: Floats, tau: float) -> float:
    """Return the spread of pair effects (intransitivity) in logits; 0 where it may be chance.

    Args:
        evidence: the summed comparisons.
        solution: the fit to judge.
        kappa: weight of one comparison.
        apart: (pairs,) variance of each pair's difference; residuals of a fit are smaller than the errors by
            this leverage.
        tau: where to begin.

    Source:
        Method of moments for a variance component, weighted by precision.
    """
    expected = expected_points(evidence, solution.theta, solution.seat)
    residual = evidence.by_pair(evidence.points - evidence.weight * expected)
    weight = information(evidence, expected)
    noise = weight / kappa
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
