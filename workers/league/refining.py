"""Exact errors of a large field's agents, a few at a time: those on display first, the rest in background.

How it works. A fit without full matrices has rough errors. The exact one of an agent takes one linear system;
none waits for another, so that any portion of the field can be refined at any time.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from workers.league.comparisons import Floats, Integers
from workers.league.evidence import Evidence
from workers.league.intervals import NORMAL_95
from workers.league.likelihood import ELO_PER_LOGIT, Frozen, Solution, Spreads, bent, expected_points, solve
from workers.league.rating import Fit, Settings
from workers.league.scale import is_provisional, widened

_PRECISION: Final = 1e-4
"""Of the errors: a hundredth of a rating point and less."""
_CLOSE: Final = 1e-4
"""Logits; how near the mode has to be."""


def covariance_between(
    evidence: Evidence,
    table: Fit,
    agents: Sequence[int] | Integers,
    *,
    settings: Settings | None = None,
    frozen: Frozen | None = None,
) -> Floats:
    """Return (chosen, chosen) covariance of strengths measured from the centre, logits squared.

    About 10 ms an agent in a field of 10,000 after a million matches.

    Args:
        evidence: what the table was fitted from.
        table: the fit.
        agents: index of each that is chosen.
        settings: those of the fit.
        frozen: those of the fit; what is not known of them is left out.
    """
    settings = settings or Settings()
    free = np.ones(evidence.agents, bool)
    if frozen is not None:
        free[frozen.agents] = False
    spreads = Spreads(table.sigma0, table.kappa, table.tau, settings.seat_sigma_elo / ELO_PER_LOGIT)
    # Errors are those around the mode; from the mean, which the table tells, it is a step or two.
    theta, seat = table.theta + table.origin, table.seat_elo / ELO_PER_LOGIT
    pair = table.pair_elo / ELO_PER_LOGIT
    expected = expected_points(evidence, theta, seat, evidence.by_cell(pair))
    mean = Solution(theta, seat, pair, expected, bent(evidence, spreads, expected, free))
    curvature = solve(evidence, spreads, mean, frozen=frozen, close=_CLOSE).curvature
    chosen = np.asarray(agents, np.int64)
    away = np.zeros((evidence.agents + evidence.seats, len(chosen)))
    away[: evidence.agents] = -table.centre[:, None]
    away[chosen, np.arange(len(chosen))] += 1.0
    answers = np.zeros_like(away)
    for column in range(len(chosen)):
        answers[:, column] = curvature.solve(away[:, column], precision=_PRECISION)
    covariance = away.T @ answers
    return np.asarray(0.5 * (covariance + covariance.T))


def refine(
    evidence: Evidence,
    table: Fit,
    agents: Sequence[int] | Integers,
    *,
    settings: Settings | None = None,
    frozen: Frozen | None = None,
) -> Fit:
    """Return the table with exact errors and intervals for some of its agents.

    Ratings and places stay. Who is provisional by its error is judged anew.

    Args:
        evidence: what the table was fitted from.
        table: the fit.
        agents: index of each to be refined; those that are exact already are left as they are.
        settings: those of the fit.
        frozen: those of the fit; they keep their errors.
    """
    settings = settings or Settings()
    held = frozen.agents if frozen is not None else np.zeros(0, np.int64)
    rough = np.setdiff1d(np.asarray(agents, np.int64)[~table.is_exact[np.asarray(agents, np.int64)]], held)
    if not len(rough):
        return table
    variance = np.diag(covariance_between(evidence, table, rough, settings=settings, frozen=frozen))
    error, is_exact, provisional = table.error.copy(), table.is_exact.copy(), table.provisional.copy()
    error[rough] = ELO_PER_LOGIT * widened(
        np.sqrt(np.maximum(variance, 0.0)), table.episodes[rough], table.sigma0
    )
    is_exact[rough] = True
    provisional[rough] = is_provisional(table.episodes, table.opponents, error, settings)[rough]
    return replace(
        table,
        error=error,
        is_exact=is_exact,
        provisional=provisional,
        low=table.elo - NORMAL_95 * error,
        high=table.elo + NORMAL_95 * error,
    )
