"""What a leaderboard says of each agent beyond rating and rank, from any kind of table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from scipy.special import ndtr

from workers.league.comparisons import Floats, Integers
from workers.league.intervals import drawn_ranks, ranks_of, widening
from workers.league.likelihood import ELO_PER_LOGIT
from workers.league.matchups import WorstOpponents, matchups, worst_opponents
from workers.league.rating import Fit, Settings
from workers.league.scores import ScoreTable
from workers.league.tally import Members, Table

Better: TypeAlias = Callable[[int], Floats]
"""For one agent the chances, (agents,), that it is better than each other one."""

SURE: Final = 0.95
_SURE_DEVIATIONS: Final = 1.644854
_DRAWS: Final = 2000
_SEED: Final = 20261122
_PLACES: Final = (3, 10)
_LARGE_DRAWS: Final = 2_000_000
"""Numbers drawn for a field so large that it has no covariance."""

FITTED_FLAGS: Final = ("few_matches", "few_opponents", "wide_interval", "forfeits")
"""Words that follow from the results alone; the first three say why an agent is provisional."""
FLAGS: Final = (*FITTED_FLAGS, "suspended", "hanging_on_one_opponent", "strange_pair", "clone")
"""All words an agent's row may carry."""


@dataclass(frozen=True, slots=True)
class Columns:
    """One value for each agent; not-a-number and -1 where there is none."""

    p_top: Floats
    """(2, agents) chance of one of the first 3 and of the first 10 places."""
    field_rate: Floats
    """Expected points against the whole field, owners weighing alike; boards of comparisons only."""
    worst: WorstOpponents | None
    """Boards of comparisons only."""
    band: Integers
    """0 at the top; agents of one band are not told from the best of it; -1 without a place."""
    episodes_to_next: Floats
    """About how many more episodes of each would tell it from the agent one place above; infinity where they
    are equal."""
    reasons: tuple[tuple[str, ...], ...]
    """Why it is provisional: words of `FITTED_FLAGS`."""

    @property
    def is_unseparated(self) -> bool:
        """Say whether nobody is known to be worse than the first."""
        return bool((self.band <= 0).all())


def columns_of(table: Table, members: Members) -> Columns:
    """Return the columns of a table."""
    agents = len(table.rank)
    worst = None
    if isinstance(table, Fit) and is_whole(table):
        worst = worst_opponents(matchups(table), owners=members.owners, active=members.active)
    return Columns(
        p_top=_top_chances(table),
        field_rate=table.field_rate if isinstance(table, Fit) else np.full(agents, np.nan),
        worst=worst,
        band=bands_of(table.rank, better_by(table)),
        episodes_to_next=_episodes_to_next(table),
        reasons=tuple(_why(table, agent) for agent in range(agents)),
    )


def strength_of(table: Table) -> Floats:
    """Return (agents,) what a table orders by, in its own unit: logits, returns or scores."""
    return table.theta if isinstance(table, Fit) else table.score


def is_whole(table: Table) -> bool:
    """Say whether every two agents can be compared; of very large fields only errors are known."""
    return not isinstance(table, Fit) or len(table.covariance) == len(table.rank)


def covariance_of(table: Table) -> Floats:
    """Return (agents, agents) what is known of the strengths, widened for few episodes.

    Of a very large field the (agents,) variances alone.
    """
    if isinstance(table, ScoreTable):
        return np.atleast_2d(np.cov(table.drawn, rowvar=False)) if len(table.rank) else np.zeros((0, 0))
    if not isinstance(table, Fit):
        return table.covariance
    if not is_whole(table):
        return np.asarray((table.error / ELO_PER_LOGIT) ** 2)
    factor = widening(table.episodes)
    return np.asarray(table.covariance * np.outer(factor, factor))


def better_by(table: Table) -> Better:
    """Return a function from an agent to the chances that it is better than each other one."""
    if isinstance(table, ScoreTable):
        drawn = table.drawn

        def by_draws(agent: int) -> Floats:
            own = drawn[:, agent : agent + 1]
            return np.asarray((own > drawn).mean(axis=0) + 0.5 * (own == drawn).mean(axis=0))

        return by_draws
    strength, covariance = strength_of(table), covariance_of(table)
    own = covariance if covariance.ndim == 1 else np.diag(covariance)

    def by_normal(agent: int) -> Floats:
        shared = 0.0 if covariance.ndim == 1 else 2.0 * covariance[agent]
        apart = np.sqrt(np.maximum(own[agent] + own - shared, 1e-12))
        return np.asarray(ndtr((strength[agent] - strength) / apart))

    return by_normal


def bands_of(rank: Integers, better: Better) -> Integers:
    """Return (agents,) the band of each agent from 0 at the top; -1 where it takes no place.

    A band begins with its best agent and goes on while nobody is known with 95 % to be worse than that one.
    """
    band = np.full(len(rank), -1, np.int64)
    ranked = np.flatnonzero(rank)
    number, chances = -1, np.zeros(len(rank))
    for agent in ranked[np.argsort(rank[ranked])]:
        if number < 0 or chances[agent] >= SURE:
            number, chances = number + 1, better(int(agent))
        band[agent] = number
    return band


def ranks_drawn(table: Table) -> Integers:
    """Return (draws, ranked agents) places in draws from what is known, in the order of agents."""
    who = np.flatnonzero(table.rank)
    if isinstance(table, ScoreTable):
        return ranks_of(table.drawn[:, who])
    strength, covariance = strength_of(table)[who], covariance_of(table)
    if covariance.ndim == 2:
        return drawn_ranks(strength, covariance[np.ix_(who, who)], _DRAWS)
    draws = max(1, min(_DRAWS, _LARGE_DRAWS // max(len(who), 1)))
    random = np.random.default_rng(_SEED)
    return ranks_of(strength + random.standard_normal((draws, len(who))) * np.sqrt(covariance[who]))


def _top_chances(table: Table) -> Floats:
    chances = np.zeros((len(_PLACES), len(table.rank)))
    who = np.flatnonzero(table.rank)
    if len(who):
        ranks = ranks_drawn(table)
        chances[:, who] = [(ranks <= place).mean(axis=0) for place in _PLACES]
    return chances


def _episodes_to_next(table: Table) -> Floats:
    """Return how many more episodes of each would separate an agent from the one above it with 95 %."""
    wanted = np.full(len(table.rank), np.nan)
    who = np.flatnonzero(table.rank)
    order = who[np.argsort(table.rank[who])]
    above, below = order[:-1], order[1:]
    strength = strength_of(table)
    gap = ((strength[above] - strength[below]) / _SURE_DEVIATIONS) ** 2
    known = _apart(table, above, below)
    with np.errstate(divide="ignore", invalid="ignore"):
        if isinstance(table, Fit):
            # Two equals after g more episodes each: their difference is known to 2 x 4 / (kappa g).
            more = 8.0 / table.kappa * (1.0 / gap - 1.0 / known)
        else:
            played = np.minimum(table.episodes[above], table.episodes[below])
            more = played * (known / gap - 1.0)
    wanted[below] = np.where(known <= gap, 0.0, np.where(gap == 0.0, np.inf, more))
    return wanted


def _apart(table: Table, first: Integers, second: Integers) -> Floats:
    """Return the variance of the difference of each two agents."""
    if isinstance(table, ScoreTable):
        return np.asarray((table.drawn[:, first] - table.drawn[:, second]).var(axis=0))
    covariance = covariance_of(table)
    if covariance.ndim == 1:
        return np.asarray(covariance[first] + covariance[second])
    own = np.diag(covariance)
    return np.asarray(own[first] + own[second] - 2.0 * covariance[first, second])


def _why(table: Table, agent: int) -> tuple[str, ...]:
    """Return why an agent is provisional; nothing if it is not."""
    if not table.provisional[agent]:
        return ()
    if not isinstance(table, Fit):
        return ("few_matches",)
    rules = Settings()
    reasons = []
    if table.episodes[agent] < rules.provisional_episodes:
        reasons.append("few_matches")
    if table.opponents[agent] < min(rules.provisional_opponents, len(table.rank) - 1):
        reasons.append("few_opponents")
    if not reasons or table.error[agent] > rules.provisional_error_elo:
        reasons.append("wide_interval")
    return tuple(reasons)
