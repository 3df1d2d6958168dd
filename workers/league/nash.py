"""Nash averaging: agents weighed by an equilibrium of the game of choosing one; clones gain nothing.

How it works. Two-player zero-sum arenas only. Two people each choose an agent and get the expected points
above one half; that game has an equilibrium. An agent's Nash score is its expected points against it: nobody
has more than one half, and who has one half is not dominated by any mixture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Booleans, Floats, sums
from workers.league.matchups import Matchups

_SEED: Final = 20261122
_EXACT: Final = 1e-9
_POLISHING: Final = 30


class PayoffError(ValueError):
    """A table of payoffs is no symmetric zero-sum game; the caller built it wrongly."""


@dataclass(frozen=True, slots=True)
class NashView:
    """The Nash view of a league, averaged over what is known of it; one value for each agent."""

    support: Floats
    """Mean share of the equilibrium, 0 to 1; sums to 1 over the agents that count."""
    owner_support: Floats
    """The same summed over all agents of the owner: clones share it."""
    score: Floats
    """Expected points against the equilibrium, 0 to 1/2; 0 for agents that do not count."""


def nash_view(
    known: Matchups,
    *,
    counted: Booleans,
    owners: Sequence[int] | None = None,
    draws: int = 200,
) -> NashView:
    """Average the equilibria of games drawn from what is known of every two agents.

    An equilibrium of one estimated table hangs on its noise and need not be unique; the mean over draws is
    steady and carries the uncertainty. The random stream is fixed. At 500 agents a draw takes about 0.2 s.

    Args:
        known: of every two agents.
        counted: (agents,) who takes part: active, with episodes.
        owners: (agents,) who owns each.
        draws: how many games.

    Source:
        Balduzzi et al. 2018, "Re-evaluating Evaluation", NeurIPS.
    """
    agents = len(known.theta)
    support, score = np.zeros(agents), np.zeros(agents)
    who = np.flatnonzero(counted)
    if len(who):
        random = np.random.default_rng(_SEED)
        for _ in range(draws):
            payoff = np.tanh(0.5 * known.draw(random)[np.ix_(who, who)])
            mixture = equilibrium(payoff)
            support[who] += mixture / draws
            score[who] += (0.5 + 0.5 * payoff @ mixture) / draws
    owner = np.arange(agents) if owners is None else np.unique(owners, return_inverse=True)[1]
    return NashView(support, sums(owner, support, agents)[owner], score)


def equilibrium(payoff: Floats) -> Floats:
    """Return (agents,) one equilibrium of a symmetric zero-sum game.

    Args:
        payoff: (agents, agents) of the row against the column; antisymmetric.

    Raises:
        PayoffError: the table is not antisymmetric or not finite.
    """
    from scipy.optimize import linprog  # A quarter of a second in every process of the site.

    _check(payoff)
    agents = len(payoff)
    # Maximise the least payoff v against any agent; the last variable is v, whose optimum is 0.
    answer = linprog(
        np.append(np.zeros(agents), -1.0),
        A_ub=np.hstack([-payoff.T, np.ones((agents, 1))]),
        b_ub=np.zeros(agents),
        A_eq=np.append(np.ones(agents), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0.0, None)] * agents + [(None, None)],
        method="highs",
    )
    return _normal(answer.x[:agents])


def maximum_entropy_equilibrium(payoff: Floats) -> Floats:
    """Return (agents,) the one equilibrium that is spread most evenly; clones share what one would have.

    Args:
        payoff: (agents, agents) of the row against the column; antisymmetric.

    Raises:
        PayoffError: the table is not antisymmetric or not finite.

    Source:
        Balduzzi et al. 2018; solved in the dual: the mixture is proportional to exp(payoff @ multipliers).
    """
    from scipy.optimize import minimize

    _check(payoff)
    inside = _widest_support(payoff)
    rows = payoff[inside]

    def dual(multipliers: Floats) -> tuple[float, Floats]:
        values = rows @ multipliers
        top = values.max()
        shares = np.exp(values - top)
        return float(top + np.log(shares.sum())), np.asarray(shares / shares.sum() @ rows)

    # Whoever is outside may be beaten by more than nothing; inside, all payoffs are nought.
    bounds = [(None, None) if each else (0.0, None) for each in inside]
    answer = minimize(
        dual,
        np.zeros(len(payoff)),
        jac=True,
        bounds=bounds,
        method="L-BFGS-B",
        options={"maxiter": 5000, "ftol": 0.0, "gtol": _EXACT},
    )
    binding = inside | (answer.x > _EXACT)
    mixture = np.zeros(len(payoff))
    mixture[inside] = _polished(rows[:, binding], answer.x[binding])
    return mixture


def _polished(rows: Floats, multipliers: Floats) -> Floats:
    """Bring the payoffs of the binding constraints to nought by Newton's method; return the mixture."""
    mixture = _softmax(rows @ multipliers)
    for _ in range(_POLISHING):
        slope = mixture @ rows
        centred = rows - slope
        bend = centred.T @ (mixture[:, None] * centred)
        tried = multipliers - np.linalg.lstsq(bend, slope, rcond=1e-12)[0]
        better = _softmax(rows @ tried)
        if np.abs(better @ rows).max() >= np.abs(slope).max():
            break
        multipliers, mixture = tried, better
    return mixture


def _widest_support(payoff: Floats) -> Booleans:
    """Return (agents,) who has a share in some equilibrium.

    Equilibria times any positive number form a cone, so that each member's share can be made 1 at least; the
    most shares that can be capped at 1 count the members.
    """
    from scipy.optimize import linprog

    agents = len(payoff)
    answer = linprog(
        np.append(np.zeros(agents), -np.ones(agents)),
        A_ub=np.vstack(
            [
                np.hstack([-payoff.T, np.zeros((agents, agents))]),
                np.hstack([-np.eye(agents), np.eye(agents)]),
            ]
        ),
        b_ub=np.zeros(2 * agents),
        bounds=[(0.0, None)] * agents + [(0.0, 1.0)] * agents,
        method="highs",
    )
    return np.asarray(answer.x[agents:] > 0.5)


def _softmax(values: Floats) -> Floats:
    shares = np.exp(values - values.max())
    return np.asarray(shares / shares.sum())


def _normal(shares: Floats) -> Floats:
    positive = np.maximum(shares, 0.0)
    return np.asarray(positive / positive.sum())


def _check(payoff: Floats) -> None:
    if payoff.ndim != 2 or not len(payoff) or payoff.shape[0] != payoff.shape[1]:
        raise PayoffError("payoffs must be a square table")
    if not np.isfinite(payoff).all() or np.abs(payoff + payoff.T).max() > _EXACT:
        raise PayoffError("what one gains the other must lose")
