"""Rank agents of one-seat arenas by their scores on common scenarios.

How it works: all agents play the same scenarios, so luck of the draw is shared. The headline number is
the mean of the middle half of an agent's scores (IQM), which a few crashes or lucky runs do not move. The
bootstrap draws scenarios, the same ones for all agents at once, so differences are compared scenario by
scenario.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from workers.league.comparisons import Booleans, ComparisonsError, Floats, Integers
from workers.league.intervals import rank_interval, rank_shares, ranks_of

Statistic: TypeAlias = Literal["iqm", "mean"]
_SEED: Final = 20261122
_MIDDLE: Final = 0.25
"""Share of the scores left out at either end."""


@dataclass(frozen=True, slots=True)
class ScoreSettings:
    """How scores become a table."""

    statistic: Statistic = "iqm"
    draws: int = 2000
    provisional_seeds: int = 16
    """Fewer scenarios than this leave an agent provisional; it is compared on what it played."""


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A table of scores; one value for each agent."""

    score: Floats
    """IQM or mean; 0 where nothing was played."""
    error: Floats
    """Standard error."""
    low: Floats
    """Lower end of the 95 % interval."""
    high: Floats
    rank: Integers
    """1 is best; 0 is not ranked."""
    rank_low: Integers
    rank_high: Integers
    p_best: Floats
    p_above_next: Floats
    """Chance of being better than the agent one place below; 1 for the last."""
    provisional: Booleans
    episodes: Floats
    """Different scenarios played."""
    common_seeds: int
    """Scenarios that all settled agents share."""
    drawn: Floats
    """(draws, agents) scores on redrawn scenarios: what is known of every two agents at once."""

    def digest(self) -> str:
        """Return a SHA-256 (hex) of the table, rounded so that every machine finds the same."""
        content = hashlib.sha256(b"scores-1")
        for column in (self.score, self.low, self.high):
            content.update((np.round(column, 6) + 0.0).astype("<f8").tobytes())
        content.update(self.rank.astype("<i8").tobytes())
        return content.hexdigest()


def fit_scores(
    seed_ids: Integers,
    agent_ids: Integers,
    scores: Floats,
    *,
    agents: int,
    strata: Sequence[int] | None = None,
    active: Booleans | None = None,
    settings: ScoreSettings | None = None,
) -> ScoreTable:
    """Rank agents by their scores; the same for any order of the rows.

    Args:
        seed_ids: (rows,) scenario of each episode, numbered in any way.
        agent_ids: (rows,) agent index; several rows of one agent and scenario count as their mean.
        scores: (rows,) larger is better.
        agents: how many agents; index order breaks ties.
        strata: (rows,) kind of scenario; the bootstrap keeps the number of each kind.
        active: (agents,) who takes a place. All, if left out.
        settings: the defaults if left out.

    Raises:
        ComparisonsError: lengths differ, an index is out of range or a score is not finite.

    Source:
        Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice".
    """
    settings = settings or ScoreSettings()
    kinds = np.zeros(len(scores), np.int64) if strata is None else np.asarray(strata, np.int64)
    if not len(seed_ids) == len(agent_ids) == len(scores) == len(kinds):
        raise ComparisonsError("the columns differ in length")
    if len(scores) and (agent_ids.min() < 0 or agent_ids.max() >= agents):
        raise ComparisonsError(f"an agent index is outside 0 to {agents - 1}")
    if not np.isfinite(scores).all():
        raise ComparisonsError("a score is not finite")
    grid, kind = _grid(seed_ids, agent_ids, scores, agents, kinds)
    played = ~np.isnan(grid)
    episodes = played.sum(axis=1)
    provisional = episodes < settings.provisional_seeds
    common = _common(played, provisional)
    usable = np.where(provisional[:, None], played, played & common)
    score, drawn = _bootstrap(grid, usable, kind, settings)
    ranked = (episodes > 0) if active is None else (episodes > 0) & active
    spread = np.ptp(scores) if len(scores) else 0.0
    return _table(
        score, drawn, ranked, provisional, episodes, (usable.sum(axis=1), int(common.sum()), spread)
    )


def interquartile_mean(values: Floats) -> float:
    """Return the mean of the middle half; the mean of all where there are fewer than four."""
    ordered = np.sort(values)
    cut = int(_MIDDLE * len(ordered))
    return float(ordered[cut : len(ordered) - cut].mean())


def _grid(
    seeds: Integers, agent_ids: Integers, scores: Floats, agents: int, kinds: Integers
) -> tuple[Floats, Integers]:
    """Return (agents, seeds) mean scores, not-a-number where not played, and (seeds,) kinds."""
    order = np.lexsort((scores, seeds, agent_ids))
    names, column = np.unique(seeds[order], return_inverse=True)
    cell = agent_ids[order] * len(names) + column
    size = agents * len(names)
    count = np.bincount(cell, minlength=size)
    total = np.bincount(cell, scores[order], size)
    grid = np.where(count > 0, total / np.maximum(count, 1), np.nan).reshape(agents, len(names))
    kind = np.zeros(len(names), np.int64)
    np.maximum.at(kind, column, kinds[order])
    return grid, kind


def _common(played: Booleans, provisional: Booleans) -> Booleans:
    """Return (seeds,) what every settled agent played; without settled ones, what anybody did."""
    settled = played[~provisional]
    return np.asarray(settled.all(axis=0) if len(settled) else played.any(axis=0))


def _bootstrap(
    grid: Floats, usable: Booleans, kind: Integers, settings: ScoreSettings
) -> tuple[Floats, Floats]:
    """Return (agents,) statistics and (draws, agents) of them on redrawn scenarios.

    Agents with the same scenarios share the redraws; each set of scenarios starts the stream anew.
    """
    agents = len(grid)
    score, drawn = np.zeros(agents), np.zeros((settings.draws, agents))
    counts: dict[bytes, Floats] = {}
    for agent in range(agents):
        mask = usable[agent]
        if not mask.any():
            continue
        key = mask.tobytes()
        if key not in counts:
            counts[key] = _redraw(kind[mask], settings.draws)
        values = grid[agent, mask]
        score[agent] = _statistic(values, np.ones((1, len(values))), settings.statistic)[0]
        drawn[:, agent] = _statistic(values, counts[key], settings.statistic)
        # Redraws of n values vary by (n - 1) / n of what n fresh ones would.
        size = len(values)
        drawn[:, agent] = score[agent] + (drawn[:, agent] - score[agent]) * np.sqrt(size / max(size - 1, 1))
    return score, drawn


def _redraw(kind: Integers, draws: int) -> Floats:
    """Return (draws, seeds): how often each scenario is drawn, kind by kind."""
    random = np.random.default_rng(_SEED)
    counts = np.zeros((draws, len(kind)))
    for stratum in np.unique(kind):
        members = np.flatnonzero(kind == stratum)
        picks = random.integers(len(members), size=(draws, len(members)))
        flat = (picks + np.arange(draws)[:, None] * len(members)).ravel()
        drawn = np.bincount(flat, minlength=draws * len(members)).reshape(draws, len(members))
        counts[:, members] = drawn
    return counts


def _statistic(values: Floats, counts: Floats, statistic: Statistic) -> Floats:
    """Return the statistic of values repeated as often as each row of counts says."""
    size = counts.shape[1]
    if statistic == "mean":
        return np.asarray(counts @ values / size)
    order = np.argsort(values, kind="stable")
    cut = int(_MIDDLE * size)
    # How much of each value lies in the middle part of the sorted, repeated values.
    ends = np.clip(np.cumsum(counts[:, order], axis=1), cut, size - cut)
    share = np.diff(ends, axis=1, prepend=cut)
    return np.asarray(share @ values[order] / (size - 2 * cut))


def _table(
    score: Floats,
    drawn: Floats,
    ranked: Booleans,
    provisional: Booleans,
    episodes: Integers,
    basis: tuple[Integers, int, float],
) -> ScoreTable:
    used, common, spread = basis
    agents = len(score)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0) if agents else (np.zeros(0), np.zeros(0))
    # One scenario says nothing of the spread; that of all scores stands in.
    single = used == 1
    low, high = np.where(single, score - spread, low), np.where(single, score + spread, high)
    places = np.zeros((3, agents), np.int64)
    best, above = np.zeros(agents), np.zeros(agents)
    who = np.flatnonzero(ranked)
    if len(who):
        order = who[np.lexsort((who, -episodes[who], -score[who]))]
        places[0, order] = np.arange(1, len(who) + 1)
        shares = rank_shares(ranks_of(drawn[:, who]))
        places[1:, who] = rank_interval(shares)
        places[1] = np.minimum(places[1], places[0])
        places[2] = np.maximum(places[2], places[0])
        best[who] = shares[:, 0]
        ahead, behind = drawn[:, order[:-1]], drawn[:, order[1:]]
        above[order[:-1]] = (ahead > behind).mean(axis=0) + 0.5 * (ahead == behind).mean(axis=0)
        above[order[-1]] = 1.0
    return ScoreTable(
        score=score,
        error=drawn.std(axis=0) if agents else np.zeros(0),
        low=np.asarray(low),
        high=np.asarray(high),
        rank=places[0],
        rank_low=places[1],
        rank_high=places[2],
        p_best=best,
        p_above_next=above,
        provisional=provisional,
        episodes=episodes.astype(float),
        common_seeds=common,
        drawn=drawn,
    )
