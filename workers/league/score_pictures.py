"""What the plots of boards without comparisons show: profiles of scores, returns in each company."""

from typing import Final

import numpy as np

from workers.league.comparisons import Floats, Integers
from workers.league.pictures import MOST_IN_TABLE, MOST_VIOLINS, Content, counts, in_order, names, ranked_in
from workers.league.rerating import place_of
from workers.league.returns import Returns, ReturnTable
from workers.league.scores import ScoreTable
from workers.league.tally import Members

_THRESHOLDS: Final = 41
_DRAWS: Final = 500
_SEED: Final = 20261122


def performance_profiles(
    table: ScoreTable, members: Members, scores: tuple[Integers, Integers, Floats]
) -> Content:
    """Return how the scores of the best 10 are spread, and the headline numbers of the best 40.

    {"thresholds": [x], "profiles": [{"agent", "share": [x], "low": [x], "high": [x]}], "iqm": [{"agent",
    "rating", "low", "high"}], "common_seeds": n}; share[k]: of the agent's scenarios with a score above
    thresholds[k]; low and high: pointwise 95 % over redrawn scenarios.

    Args:
        table: the board.
        members: its agents.
        scores: scenario, agent and score of every episode.

    Source:
        Agarwal et al. 2021, "Deep Reinforcement Learning at the Edge of the Statistical Precipice".
    """
    scenario, agent, score = scores
    shown = in_order(table, MOST_VIOLINS)
    seen = score[np.isin(agent, shown)]
    thresholds = np.linspace(seen.min(), seen.max(), _THRESHOLDS) if len(seen) else np.zeros(0)
    profiles = []
    for each in shown:
        own = _means(scenario[agent == each], score[agent == each])
        share, low, high = _profile(own, thresholds)
        profiles.append(
            {
                "agent": members.ids[each],
                "share": np.round(share, 4).tolist(),
                "low": np.round(low, 4).tolist(),
                "high": np.round(high, 4).tolist(),
            }
        )
    bars = []
    for each in in_order(table, MOST_IN_TABLE):
        place = place_of(table, int(each))
        bars.append(
            {"agent": members.ids[each], "rating": place.rating, "low": place.low, "high": place.high}
        )
    return {
        "thresholds": np.round(thresholds, 4).tolist(),
        "profiles": profiles,
        "iqm": bars,
        "common_seeds": table.common_seeds,
    }


def _means(scenario: Integers, score: Floats) -> Floats:
    """Return (scenarios,) the mean score on each."""
    _, at = np.unique(scenario, return_inverse=True)
    return np.asarray(np.bincount(at, score) / np.bincount(at))


def _profile(scores: Floats, thresholds: Floats) -> tuple[Floats, Floats, Floats]:
    above = scores[:, None] > thresholds[None, :]
    random = np.random.default_rng(_SEED)
    drawn = above[random.integers(len(scores), size=(_DRAWS, len(scores)))].mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return above.mean(axis=0), low, high


def cross_play(table: ReturnTable, members: Members, returns: Returns) -> Content:
    """Return what each of the best 40 gets in the company of each.

    {"agents", "of", "value": [[x|None]], "episodes": [[n]], "least": x, "most": x}; value: mean own return of
    the row's agent at tables with the column's; on the diagonal with itself, None where none was played.
    """
    agents = in_order(table, MOST_IN_TABLE)
    total, episodes = _in_company(returns, len(table.rank))
    with np.errstate(invalid="ignore"):
        value = np.where(episodes > 0, total / episodes, np.nan)[np.ix_(agents, agents)]
    known = value[np.isfinite(value)]
    return {
        "agents": names(members, agents),
        "of": ranked_in(table),
        "value": [
            [round(cell, 4) if cell == cell else None for cell in row]  # noqa: PLR0124 - not-a-number
            for row in value.tolist()
        ],
        "episodes": counts(episodes, agents),
        "least": round(float(known.min()), 4) if len(known) else None,
        "most": round(float(known.max()), 4) if len(known) else None,
    }


def _in_company(returns: Returns, size: int) -> tuple[Floats, Floats]:
    """Return (agents, agents) summed own returns of the row's agent with the column's, and how many."""
    total, episodes = np.zeros((size, size)), np.zeros((size, size))
    _, table = np.unique(np.stack([returns.match, returns.episode], axis=1), axis=0, return_inverse=True)
    table = table.ravel()
    order = np.argsort(table, kind="stable")
    borders = np.flatnonzero(np.diff(table[order])) + 1
    for rows in np.split(order, borders) if len(order) else []:
        agents, values = returns.agent[rows], returns.value[rows]
        for at, agent in enumerate(agents):
            company = np.unique(np.delete(agents, at))
            total[agent, company] += values[at]
            episodes[agent, company] += 1
    return total, episodes
