"""Rate agents by their own returns where several sit at one table and it need not be zero-sum.

How it works: a return is a mean, plus what the agent brings, plus what the others at the table do to it,
plus the seat, plus chance. All parts are fitted together, each shrunk by how much such parts vary at all;
an agent's rating is its expected return against the field.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Booleans, ComparisonsError, Floats, Integers, sums
from workers.league.intervals import NORMAL_95, centred_errors, rank_agents, widening

_ROUNDS: Final = 30
_SMALL: Final = 1e-4
"""Least share of the variance that a part is given."""


@dataclass(frozen=True, slots=True)
class ReturnTable:
    """A table of returns; one value for each agent unless said otherwise."""

    score: Floats
    """Expected return against the field, in the unit of the returns."""
    covariance: Floats
    """(agents, agents) of the scores, widened for few episodes."""
    error: Floats
    low: Floats
    """Lower end of the 95 % interval."""
    high: Floats
    rank: Integers
    """1 is best; 0 is not ranked."""
    rank_low: Integers
    rank_high: Integers
    p_best: Floats
    provisional: Booleans
    episodes: Floats
    effect_on_others: Floats
    """What the agent's presence adds to another's return."""
    seat_effect: Floats
    """(seats,) what a seat adds."""

    def digest(self) -> str:
        """Return a SHA-256 (hex) of the table, rounded so that every machine finds the same."""
        content = hashlib.sha256(b"returns-1")
        for column in (self.score, self.low, self.high):
            content.update((np.round(column, 6) + 0.0).astype("<f8").tobytes())
        content.update(self.rank.astype("<i8").tobytes())
        return content.hexdigest()


@dataclass(frozen=True, slots=True)
class Returns:
    """One row for each seat of each episode; all arrays have one length."""

    match: Integers
    episode: Integers
    """Number of the episode within its match."""
    seat: Integers
    agent: Integers
    value: Floats
    """The agent's own return, as the arena gives it or normalised by the host."""


@dataclass(frozen=True, slots=True)
class _Design:
    """One row for each agent of each match: the mean over the match's episodes, which share a seed."""

    agents: int
    seats: int
    who: Integers
    others: Floats
    """(rows, agents) share of each other agent at the table; rows sum to 1."""
    sat: Floats
    """(rows, seats) share of each seat."""
    value: Floats
    weight: Floats
    """Episodes behind the row."""


def fit_returns(
    returns: Returns,
    *,
    agents: int,
    active: Booleans | None = None,
    draws: int = 2000,
    provisional_episodes: int = 16,
) -> ReturnTable:
    """Rate agents by an additive model of returns; the same for any order of the rows.

    Args:
        returns: every seat of every episode.
        agents: how many agents; index order breaks ties.
        active: (agents,) who takes a place. All, if left out.
        draws: draws behind rank intervals; the random stream is fixed.
        provisional_episodes: an agent with fewer is provisional.

    Raises:
        ComparisonsError: an agent or seat is out of range or a return is not finite.

    Source:
        Henderson 1975, Biometrics 31:423-447 (best linear unbiased prediction); variances by EM.
    """
    if len(returns.value) and (returns.agent.min() < 0 or returns.agent.max() >= agents):
        raise ComparisonsError(f"an agent index is outside 0 to {agents - 1}")
    if not np.isfinite(returns.value).all() or returns.seat.min(initial=0) < 0:
        raise ComparisonsError("a return is not finite or a seat is negative")
    design = _design(returns, agents)
    mean, scale = _standard(design.value)
    effects, covariance = _predict(design, (design.value - mean) / scale)
    own = effects[:agents]
    others = effects[agents : 2 * agents]
    episodes = sums(returns.agent, np.ones(len(returns.agent)), agents)
    playing = episodes > 0
    field = np.where(playing, 1.0, 0.0) / max(int(playing.sum()), 1)
    score = mean + scale * (own + field @ others)
    factor = widening(episodes)
    centre = field if playing.any() else np.full(agents, 1.0 / max(agents, 1))
    error = scale * centred_errors(covariance, centre) * factor
    ranks = rank_agents(
        score,
        score,
        covariance * scale**2,
        errors_factor=factor,
        episodes=episodes,
        ranked=playing if active is None else playing & active,
        draws=draws,
    )
    return ReturnTable(
        score=score,
        covariance=covariance * scale**2 * np.outer(factor, factor),
        error=error,
        low=score - NORMAL_95 * error,
        high=score + NORMAL_95 * error,
        rank=ranks.rank,
        rank_low=ranks.low,
        rank_high=ranks.high,
        p_best=ranks.best,
        provisional=episodes < provisional_episodes,
        episodes=episodes,
        effect_on_others=scale * others / max(design.seats - 1, 1),
        seat_effect=scale * effects[2 * agents :],
    )


def _design(returns: Returns, agents: int) -> _Design:
    order = np.lexsort((returns.value, returns.agent, returns.seat, returns.episode, returns.match))
    agent, seat, value = returns.agent[order], returns.seat[order], returns.value[order]
    _, table = np.unique(
        np.stack([returns.match[order], returns.episode[order]], axis=1), axis=0, return_inverse=True
    )
    keys = np.stack([returns.match[order], agent], axis=1)
    names, row = np.unique(keys, axis=0, return_inverse=True)
    table, row = table.ravel(), row.ravel()
    rows, seats = len(names), int(seat.max(initial=-1)) + 1
    weight = sums(row, np.ones(len(row)), rows)
    tables = int(table.max(initial=-1)) + 1
    present = sums(table * agents + agent, np.ones(len(agent)), tables * agents).reshape(tables, agents)
    company = present[table]
    company[np.arange(len(agent)), agent] -= 1.0
    company /= np.maximum(company.sum(axis=1, keepdims=True), 1.0)
    others = np.zeros((rows, agents))
    np.add.at(others, row, company)
    sat = sums(row * seats + seat, np.ones(len(row)), rows * seats).reshape(rows, seats)
    return _Design(
        agents=agents,
        seats=seats,
        who=names[:, 1],
        others=others / weight[:, None],
        sat=sat / weight[:, None],
        value=sums(row, value, rows) / weight,
        weight=weight,
    )


def _standard(values: Floats) -> tuple[float, float]:
    """Return mean and spread, which make the fit the same in any unit."""
    if not len(values):
        return 0.0, 1.0
    spread = float(values.std())
    return float(values.mean()), spread if spread > 0 else 1.0


def _predict(design: _Design, value: Floats) -> tuple[Floats, Floats]:
    """Return all effects (agents, others, seats) and the covariance of the agents' own."""
    agents = design.agents
    columns = np.concatenate([np.eye(agents)[design.who], design.others, design.sat], axis=1)
    parts = [slice(0, agents), slice(agents, 2 * agents), slice(2 * agents, columns.shape[1])]
    weighted = columns * design.weight[:, None]
    gram, right = weighted.T @ columns, weighted.T @ value
    variances = np.array([0.3, 0.1, 0.1])
    noise = 0.5
    effects, inverse = np.zeros(columns.shape[1]), np.eye(columns.shape[1])
    for _ in range(_ROUNDS):
        prior = np.concatenate(
            [np.full(p.stop - p.start, 1.0 / v) for p, v in zip(parts, variances, strict=True)]
        )
        inverse = np.linalg.inv(gram / noise + np.diag(prior))
        effects = inverse @ right / noise
        if not len(value):
            break
        for index, part in enumerate(parts):
            size = max(part.stop - part.start, 1)
            expected = float(effects[part] @ effects[part] + np.trace(inverse[part, part])) / size
            variances[index] = max(expected, _SMALL)
        residual = value - columns @ effects
        left = float(design.weight @ residual**2) + float((gram * inverse).sum())
        noise = max(left / len(value), _SMALL)
    return effects, np.asarray(inverse[:agents, :agents])
