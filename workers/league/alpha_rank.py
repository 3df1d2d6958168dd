"""Alpha-rank: how often evolution, left to itself, would be found at each agent; an optional report."""

from typing import Final

import numpy as np

from workers.league.comparisons import Floats
from workers.league.nash import PayoffError

_EVEN: Final = 1e-14


def alpha_rank(payoff: Floats, *, alpha: float = 100.0, population: int = 50) -> Floats:
    """Return (agents,) the share of time a population spends at each agent; sums to 1.

    Not a headline: the order depends on alpha.

    Args:
        payoff: (agents, agents) of the row against the column.
        alpha: how sharply a better agent is preferred.
        population: how many imitate each other, at least 2.

    Raises:
        PayoffError: the table is not square or not finite.

    Source:
        Omidshafiei et al. 2019, Scientific Reports 9:9937, one population, local selection.
    """
    if payoff.ndim != 2 or not len(payoff) or payoff.shape[0] != payoff.shape[1]:
        raise PayoffError("payoffs must be a square table")
    if not np.isfinite(payoff).all():
        raise PayoffError("a payoff is not finite")
    agents = len(payoff)
    if agents == 1:
        return np.ones(1)
    steps = _fixation(alpha * (payoff.T - payoff), population) / (agents - 1)
    np.fill_diagonal(steps, 0.0)
    return _stationary(steps)


def _fixation(advantage: Floats, population: int) -> Floats:
    """Return the chance that one mutant with this advantage takes over the population."""
    even = np.abs(advantage) < _EVEN
    # In logarithms and from the safe side, so that neither a strong nor a hopeless mutant overflows.
    size = np.where(even, 1.0, np.abs(advantage))
    rises = np.expm1(-size) / np.expm1(-population * size)
    falls = rises * np.exp(-(population - 1) * size)
    return np.where(even, 1.0 / population, np.where(advantage > 0, rises, falls))


def _stationary(steps: Floats) -> Floats:
    """Return the stationary distribution of a chain, given its steps off the diagonal.

    States are eliminated one by one without a subtraction, so that tiny chances lose no digit.

    Source:
        Grassmann, Taksar & Heyman 1985, Operations Research 33:1107-1116.
    """
    chain = steps.copy()
    last = len(chain) - 1
    for state in range(last, 0, -1):
        total = chain[state, :state].sum()
        chain[:state, state] /= max(total, np.finfo(float).tiny)
        chain[:state, :state] += np.outer(chain[:state, state], chain[state, :state])
    share = np.zeros(len(chain))
    share[0] = 1.0
    for state in range(1, last + 1):
        share[state] = share[:state] @ chain[:state, state]
        share /= share.sum()
    return share
