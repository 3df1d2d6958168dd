"""Ratings by role where seats are not alike: how strong each agent is as predator, and how strong as prey.

How it works. An agent in a role is a competitor of its own; the league's estimator rates them all together,
with an advantage for each role. The roles of an agent share nothing: a strong prey may be a weak predator.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from workers.league.comparisons import (
    Booleans,
    Comparisons,
    ComparisonsError,
    Floats,
    empty_comparisons,
)
from workers.league.intervals import NORMAL_95, centred_errors, widening
from workers.league.likelihood import ELO_PER_LOGIT
from workers.league.rating import Fit, Settings, fit
from workers.league.results import GIFT_WEIGHT, Episode


@dataclass(frozen=True, slots=True)
class RoleTable:
    """Ratings of each agent in each role; (agents, roles) unless said otherwise."""

    elo: Floats
    """1500 is the mean of the role."""
    error: Floats
    low: Floats
    """Lower end of the 95 % interval."""
    high: Floats
    episodes: Floats
    """Played in that role."""
    played: Booleans
    advantage: Floats
    """(roles,) Elo that the role itself brings, from the mean of all roles."""


def rate_roles(
    episodes: Iterable[Episode],
    *,
    roles: Sequence[int],
    agents: int,
    owners: Sequence[int] | None = None,
    settings: Settings | None = None,
) -> RoleTable:
    """Rate agents role by role.

    Args:
        episodes: in any order.
        roles: (seats,) role of each seat, numbered from 0.
        agents: how many.
        owners: (agents,) who owns each; agents of one owner are never compared.
        settings: those of the estimator; the defaults if left out.

    Raises:
        ComparisonsError: an episode does not fit the roles, or an index is out of range.

    Source:
        The logistic form of the additive model z = a_i - b_j + role, with a normal prior on every part.
    """
    settings = settings or Settings()
    kinds = max(roles, default=-1) + 1
    comparisons = _compare(episodes, roles, kinds, owners)
    table = fit(comparisons, agents=agents * kinds, settings=replace(settings, draws=1))
    count = table.episodes.reshape(agents, kinds)
    played = count > 0
    elo, error = np.zeros((agents, kinds)), np.zeros((agents, kinds))
    for role in range(kinds):
        elo[:, role], error[:, role] = _placed(table, role, kinds, played[:, role], settings.centre_elo)
    advantage = np.zeros(kinds)
    advantage[: len(table.seat_elo)] = table.seat_elo
    return RoleTable(
        elo=elo,
        error=error,
        low=elo - NORMAL_95 * error,
        high=elo + NORMAL_95 * error,
        episodes=count,
        played=played,
        advantage=advantage - advantage.mean() if kinds else advantage,
    )


def _compare(
    episodes: Iterable[Episode], roles: Sequence[int], kinds: int, owners: Sequence[int] | None
) -> Comparisons:
    rows = []
    for episode in episodes:
        if not len(episode.agents) == len(episode.ranks) == len(roles):
            raise ComparisonsError(f"match {episode.match} has not one agent and rank for each role")
        # Three predators of one agent share their fate: they meet the prey once.
        ahead: dict[tuple[int, int], int] = {}
        gifts: set[tuple[int, int]] = set()
        for a, b in combinations(range(len(roles)), 2):
            if _may_meet(episode.agents[a], episode.agents[b], owners):
                pair = (episode.agents[a] * kinds + roles[a], episode.agents[b] * kinds + roles[b])
                rank_a, rank_b = episode.ranks[a], episode.ranks[b]
                if pair[::-1] in ahead:
                    pair, rank_a, rank_b = pair[::-1], rank_b, rank_a
                ahead[pair] = ahead.get(pair, 0) + (rank_a < rank_b) - (rank_a > rank_b)
                gifts |= {pair} if {a, b} & set(episode.gifts) else set()
        for pair, lead in ahead.items():
            points = 0.5 * (1 + (lead > 0) - (lead < 0))
            weight = GIFT_WEIGHT if pair in gifts else 1.0
            rows.append((episode.match, *pair, pair[0] % kinds, pair[1] % kinds, points, weight))
    if not rows:
        return empty_comparisons()
    match, first, second, role_a, role_b, points_a, weights = zip(*rows, strict=True)
    return Comparisons(
        match=np.array(match, np.int64),
        side_a=np.array(first, np.int64),
        side_b=np.array(second, np.int64),
        seat_a=np.array(role_a, np.int64),
        seat_b=np.array(role_b, np.int64),
        points=np.array(points_a, np.float64),
        weight=np.array(weights, np.float64),
    )


def _may_meet(first: int, second: int, owners: Sequence[int] | None) -> bool:
    return first != second and (owners is None or owners[first] != owners[second])


def _placed(table: Fit, role: int, kinds: int, played: Booleans, centre_elo: float) -> tuple[Floats, Floats]:
    """Return (agents,) Elo and standard errors in one role, from the mean of those who played it."""
    members = slice(role, None, kinds)
    covariance, theta = table.covariance[members, members], table.theta[members]
    counted = played if played.any() else np.ones(len(played), bool)
    centre = counted / max(int(counted.sum()), 1)
    errors = centred_errors(covariance, centre) * widening(table.episodes[members])
    errors = np.minimum(errors, np.maximum(centred_errors(covariance, centre), table.sigma0))
    return centre_elo + ELO_PER_LOGIT * (theta - centre @ theta), ELO_PER_LOGIT * errors
