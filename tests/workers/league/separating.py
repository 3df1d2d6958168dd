"""Who can be told apart in a dense fit, the long way: what `workers.league.columns` is checked against."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from workers.league.comparisons import Floats, Integers
from workers.league.intervals import drawn_ranks, superiority, widening
from workers.league.rating import Fit

_SURE: Final = 0.95
_SURE_DEVIATIONS: Final = 1.644854


def bands(table: Fit) -> Integers:
    """Return (agents,) the band of each agent from 0 at the top; -1 where it takes no place.

    A band begins with its best agent and goes on while nobody is known with 95 % to be worse than that one.
    Where all ranked agents are in band 0 nothing separates them.
    """
    band = np.full(len(table.rank), -1, np.int64)
    ranked = np.flatnonzero(table.rank)
    order = ranked[np.argsort(table.rank[ranked])]
    better = superiority(table.theta, _widened(table))
    leader, number = -1, -1
    for agent in order:
        if leader < 0 or better[leader, agent] >= _SURE:
            leader, number = int(agent), number + 1
        band[agent] = number
    return band


def top_chances(table: Fit, places: Sequence[int] = (3, 10), *, draws: int = 2000) -> Floats:
    """Return (places, agents): each agent's chance to be among the best 3, 10 ...; 0 where it is not ranked.

    The draws are those behind `Fit.rank_low` and `Fit.p_best`.
    """
    chances = np.zeros((len(places), len(table.rank)))
    who = np.flatnonzero(table.rank)
    if len(who):
        ranks = drawn_ranks(table.theta[who], _widened(table)[np.ix_(who, who)], draws)
        chances[:, who] = [(ranks <= place).mean(axis=0) for place in places]
    return chances


def episodes_to_separate(table: Fit, first: int, second: int) -> float:
    """Return about how many more episodes each of two agents needs until they are told apart with 95 %.

    Infinity where their ratings are equal; 0 where they are told apart already. Where pairs matter (tau > 0)
    it is a lower bound, as episodes against one opponent tell less and less.
    """
    covariance = _widened(table)
    known = float(covariance[first, first] + covariance[second, second] - 2.0 * covariance[first, second])
    apart = abs(float(table.theta[first] - table.theta[second]))
    wanted = (apart / _SURE_DEVIATIONS) ** 2
    if known <= wanted:
        return 0.0
    if wanted == 0.0:
        return math.inf
    # Two equals after g episodes each: the variance of their difference is 2 x 4 / (kappa g).
    return 8.0 / table.kappa * (1.0 / wanted - 1.0 / known)


def is_unseparated(table: Fit) -> bool:
    """Say whether nobody on the board is known to be better than anybody else."""
    who = np.flatnonzero(table.rank)
    better = superiority(table.theta[who], _widened(table)[np.ix_(who, who)])
    return not bool((better >= _SURE).any())


def _widened(table: Fit) -> Floats:
    factor = widening(table.episodes)
    return np.asarray(table.covariance * np.outer(factor, factor))
