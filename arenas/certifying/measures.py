"""Figures of a certificate: the advantage of a seat in Elo, draws, the share of luck, quantiles. Pure."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

_SCALE: Final = 400 / math.log(10)
_NORMAL: Final = 1.959964
"""The 97.5 % point of the normal distribution."""
FAIR: Final = 50.0
"""Elo that a seat may be ahead before an arena without change of seats is refused; evaluation.md, 8.1."""
LEAST_SEEDS: Final = 8
"""Fewer seeds say nothing of luck."""


@dataclass(frozen=True, slots=True)
class Advantage:
    """How far one member of the line-up is ahead by its place alone, in Elo, with its 95 % interval."""

    member: int
    elo: float
    low: float
    high: float
    games: int
    """Independent groups of games: those of one seed count as one."""

    @property
    def is_unfair(self) -> bool:
        """Say whether the interval lies wholly beyond what is fair."""
        return self.low > FAIR or self.high < -FAIR


def seat_advantage(points: Sequence[Sequence[float]], seeds: Sequence[int]) -> Advantage:
    """Return the advantage of the place that is furthest from even.

    Args:
        points: for each game a number for each place: the mean over the others of 1, 0.5 or 0.
        seeds: one a game; games of one seed are not independent.

    The interval is that of a mean over seeds, with two drawn games added so that it never vanishes, taken
    to Elo at its ends.
    """
    by_seed: dict[int, list[Sequence[float]]] = defaultdict(list)
    for seed, row in zip(seeds, points, strict=True):
        by_seed[seed].append(row)
    means = np.array([np.mean(rows, axis=0) for rows in by_seed.values()])
    games = len(means)
    padded = np.vstack([means, np.full((1, means.shape[1]), 0.0), np.full((1, means.shape[1]), 1.0)])
    centre = padded.mean(axis=0)
    member = int(np.argmax(np.abs(centre - 0.5))) if means.shape[1] > 2 else 0
    spread = float(padded[:, member].std(ddof=1)) / math.sqrt(len(padded))
    middle = float(centre[member])
    low, high = middle - _NORMAL * spread, middle + _NORMAL * spread
    return Advantage(member, elo(middle), elo(low), elo(high), games)


def elo(points: float) -> float:
    """Return the difference in Elo at which so many points a game are expected; within 800."""
    most = 1 / (1 + math.exp(-800 / _SCALE))
    clipped = min(max(points, 1 - most), most)
    return _SCALE * math.log(clipped / (1 - clipped))


def draw_rate(ranks: Sequence[Sequence[int]]) -> float:
    """Return the share of games in which all share the first place."""
    return sum(set(places) == {1} for places in ranks) / max(1, len(ranks))


def luck_share(results: Sequence[float], seeds: Sequence[int]) -> float | None:
    """Return the share of the results' variance that the seed explains, 0 to 1; None if too few seeds.

    The estimator of the intraclass correlation by one-way analysis of variance, cut at 0.

    Source:
        Shrout & Fleiss 1979, Psychological Bulletin 86:420-428, ICC(1,1).
    """
    groups: dict[int, list[float]] = defaultdict(list)
    for seed, result in zip(seeds, results, strict=True):
        groups[seed].append(result)
    rows = [group for group in groups.values() if len(group) > 1]
    size = min(map(len, rows), default=0)
    if len(rows) < LEAST_SEEDS:
        return None
    table = np.array([row[:size] for row in rows])
    between = size * float(table.mean(axis=1).var(ddof=1))
    within = float(table.var(axis=1, ddof=1).mean())
    total = between + (size - 1) * within
    return max(0.0, (between - within) / total) if total > 0 else 0.0


def quantiles(values: Sequence[float], *points: float) -> list[float]:
    """Return quantiles of values."""
    return [float(value) for value in np.quantile(np.asarray(values, float), points)]


def member_points(ranks: Sequence[int], teams: Sequence[int]) -> list[float]:
    """Return for each member of the line-up its mean points against the seats of the others.

    Args:
        ranks: one a seat, 1 is best; equal ranks are a draw.
        teams: for each seat the member that sits in it.
    """
    points: dict[int, list[float]] = defaultdict(list)
    for seat, rank in enumerate(ranks):
        for other, place in enumerate(ranks):
            if teams[other] != teams[seat]:
                points[teams[seat]].append(1.0 if rank < place else 0.5 if rank == place else 0.0)
    return [float(np.mean(points[member])) for member in sorted(points)]
