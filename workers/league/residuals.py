"""Pairs whose results are not what their ratings say: the monitor for thrown matches.

How it works. Two agents that play as they play against everybody else get about the points their ratings
promise. Who loses on purpose to one agent only does not. A flag is a question to a person, never a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from workers.league.comparisons import Comparisons, Floats, Integers
from workers.league.evidence import gather
from workers.league.likelihood import ELO_PER_LOGIT, expected_points, information
from workers.league.rating import Fit, Settings, fit

_FEWEST_EPISODES: Final = 8
_STRANGE: Final = 4.0
_SET_ASIDE: Final = 1.75
"""Pairs stranger than this have no part in the fit they are judged by.

Five puppets that together throw half of what their master plays hide at 2.0 to 2.4 in the first fit: from 2.5
on the monitor caught one such ring of 40, from 1.75 on 39 of them and no honest pair of 15,318.
"""
_FLAT: Final = 1e-12


@dataclass(frozen=True, slots=True)
class PairResiduals:
    """Observed against expected; one value for each pair that met, sorted by `low`, then `high`."""

    low: Integers
    """Agent index."""
    high: Integers
    episodes: Floats
    """Summed weights."""
    points: Floats
    """Of the low agent."""
    expected: Floats
    """What ratings and seats promise the low agent."""
    z: Floats
    """Difference in standard deviations, positive where the low agent got more; 0 below 8 episodes."""

    def flagged(self, *, above: float = _STRANGE) -> Integers:
        """Return the pairs (positions in these arrays) whose |z| is above a limit, the strangest first.

        By chance alone one pair in 16,000 is.
        """
        strange = np.flatnonzero(np.abs(self.z) > above)
        return strange[np.argsort(-np.abs(self.z[strange]), kind="stable")]


def watch_pairs(
    comparisons: Comparisons,
    *,
    agents: int,
    owners: Sequence[int] | None = None,
    fewest_episodes: int = _FEWEST_EPISODES,
) -> PairResiduals:
    """Judge every pair by a fit that the strangest pairs have no part in.

    Matches that are thrown lift the winner, sink the losers and look like intransitivity: in a fit with
    all results they excuse themselves. Measured: five agents of +250 Elo that lose 16 episodes each to a
    master of 0 Elo have z from 3.0 to 4.0 in the fit of all results, from 5.9 to 7.4 here.

    Args:
        comparisons: all of the league.
        agents: how many.
        owners: (agents,) as for the fit.
        fewest_episodes: pairs with fewer are not judged.

    Raises:
        ComparisonsError: an index, points or weight is out of range.
    """
    settings = Settings(draws=1)
    table = fit(comparisons, agents=agents, owners=owners, settings=settings)
    first = pair_residuals(comparisons, table, fewest_episodes=fewest_episodes)
    strange = np.abs(first.z) > _SET_ASIDE
    if not strange.any():
        return first
    aside = set(zip(first.low[strange].tolist(), first.high[strange].tolist(), strict=True))
    pairs = zip(comparisons.side_a.tolist(), comparisons.side_b.tolist(), strict=True)
    kept = np.array([(min(pair), max(pair)) not in aside for pair in pairs], bool)
    rest = Comparisons(*(getattr(comparisons, each.name)[kept] for each in fields(Comparisons)))
    table = fit(rest, agents=agents, owners=owners, settings=settings)
    return pair_residuals(comparisons, table, fewest_episodes=fewest_episodes)


def pair_residuals(
    comparisons: Comparisons, table: Fit, *, fewest_episodes: int = _FEWEST_EPISODES
) -> PairResiduals:
    """Compare what every two agents did with what a table makes of them.

    The expected spread is that of the table: its dispersion, and its intransitivity, so that in an arena
    where styles beat each other a strong pair effect is no news.

    Args:
        comparisons: of all pairs that are to be judged.
        table: a fit of the same agents.
        fewest_episodes: pairs with fewer are not judged.

    Raises:
        ComparisonsError: an index, points or weight is out of range.
    """
    evidence = gather(comparisons, len(table.theta))
    seat = np.zeros(evidence.seats)
    seat[: len(table.seat_elo)] = table.seat_elo[: evidence.seats] / ELO_PER_LOGIT
    expected = expected_points(evidence, table.theta, seat)
    promised = evidence.by_pair(evidence.weight * expected)
    points = evidence.by_pair(evidence.points)
    episodes = evidence.by_pair(evidence.weight)
    known = np.maximum(information(evidence, expected), _FLAT)
    widened = 1.0 / table.kappa + table.tau**2 * known
    pearson = np.abs(points - promised) / np.sqrt(known)
    # Where few points are expected of one side, a single upset is many standard deviations; the likelihood
    # ratio knows better. The smaller of the two accuses nobody too soon.
    strange = np.minimum(pearson, np.sqrt(_deviance(points, promised, episodes))) / np.sqrt(widened)
    return PairResiduals(
        low=evidence.low,
        high=evidence.high,
        episodes=episodes,
        points=points,
        expected=promised,
        z=np.where(episodes >= fewest_episodes, np.sign(points - promised) * strange, 0.0),
    )


def _deviance(points: Floats, promised: Floats, episodes: Floats) -> Floats:
    """Return (pairs,) twice the logarithm of the likelihood ratio of observed to expected points."""
    lost, feared = episodes - points, episodes - promised
    won_part = points * np.log(np.maximum(points, _FLAT) / np.maximum(promised, _FLAT))
    lost_part = lost * np.log(np.maximum(lost, _FLAT) / np.maximum(feared, _FLAT))
    return np.asarray(np.maximum(2.0 * (won_part + lost_part), 0.0))
