"""What is known of every two agents: who beats whom by how much, pair effects included, and how surely."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Booleans, Floats, Integers
from workers.league.intervals import widening
from workers.league.rating import Fit

_ONE_SIDED_95: Final = 1.644854


@dataclass(frozen=True, slots=True)
class Matchups:
    """Advantage of the row's agent over the column's, in logits; pairs that never met are included."""

    logit: Floats
    """(agents, agents) expected advantage."""
    kept: Floats
    """(agents, agents) how much of a change of the two strengths reaches the advantage: 1 where a pair never
    met, less where its own results say what it is."""
    left: Floats
    """(agents, agents) standard deviation of the pair effect when both strengths are known."""
    theta: Floats
    covariance: Floats
    """(agents, agents) of the strengths, widened for few episodes."""

    def variance(self) -> Floats:
        """Return (agents, agents) variance of the advantage, logits squared."""
        own = np.diag(self.covariance)
        apart = np.maximum(own[:, None] + own[None, :] - 2.0 * self.covariance, 0.0)
        return np.asarray(self.kept**2 * apart + self.left**2)

    def draw(self, rng: np.random.Generator) -> Floats:
        """Draw (agents, agents) advantages from what is known; antisymmetric."""
        values, vectors = np.linalg.eigh(self.covariance)
        normal = rng.standard_normal(len(values))
        moved = vectors @ (np.sqrt(np.maximum(values, 0.0)) * normal)
        noise = np.triu(rng.standard_normal(self.logit.shape), 1)
        gap = moved[:, None] - moved[None, :]
        return np.asarray(self.logit + self.kept * gap + self.left * (noise - noise.T))


@dataclass(frozen=True, slots=True)
class WorstOpponents:
    """Who each agent fares worst against; a lower bound of how exploitable it is."""

    opponent: Integers
    """(agents,) index; -1 where nobody is left to compare with."""
    rate: Floats
    """(agents,) expected points against that opponent, 0 to 1."""
    exploitability: Floats
    """(agents,) what the opponent wins beyond half of the points, with 95 % certainty; 0 if it may be
    nothing."""


def matchups(table: Fit) -> Matchups:
    """Return what a fit knows of every two agents."""
    logit = table.theta[:, None] - table.theta[None, :]
    low, high = table.pair_low, table.pair_high
    pair = np.asarray(table.pair_elo) * (np.log(10.0) / 400.0)
    logit[low, high] += pair
    logit[high, low] -= pair
    expected = 0.5 + 0.5 * np.tanh(0.5 * logit[low, high])
    information = table.kappa * table.pair_weight * expected * (1.0 - expected)
    kept = np.ones_like(logit)
    kept[low, high] = kept[high, low] = 1.0 / (1.0 + table.tau**2 * information)
    left = table.tau * np.sqrt(kept)
    np.fill_diagonal(left, 0.0)
    factor = widening(table.episodes)
    return Matchups(logit, kept, left, table.theta, table.covariance * np.outer(factor, factor))


def worst_opponents(
    known: Matchups, *, owners: Sequence[int] | None = None, active: Booleans | None = None
) -> WorstOpponents:
    """Find for each agent the opponent that surely beats it by most.

    Args:
        known: of every two agents.
        owners: (agents,) agents of one owner are no opponents.
        active: (agents,) who counts as an opponent. All, if left out.

    Source:
        The largest lower confidence bound of an opponent's points bounds half of NashConv from below within
        the population.
    """
    agents = len(known.theta)
    owner = np.arange(agents) if owners is None else np.asarray(owners)
    open_to = owner[:, None] != owner[None, :]
    if active is not None:
        open_to = open_to & active[None, :]
    deviation = np.sqrt(known.variance())
    # Seen from the opponent, the advantage is the transposed one.
    bound = 0.5 + 0.5 * np.tanh(0.5 * (known.logit.T - _ONE_SIDED_95 * deviation))
    bound = np.where(open_to, bound, -1.0)
    opponent = bound.argmax(axis=1) if agents else np.zeros(0, np.int64)
    rows = np.arange(agents)
    is_open = open_to.any(axis=1)
    rate = 0.5 + 0.5 * np.tanh(0.5 * known.logit[rows, opponent])
    return WorstOpponents(
        opponent=np.where(is_open, opponent, -1),
        rate=np.where(is_open, rate, 0.5),
        exploitability=np.where(is_open, np.maximum(bound[rows, opponent] - 0.5, 0.0), 0.0),
    )
