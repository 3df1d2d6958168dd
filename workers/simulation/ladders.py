"""Ladders as other platforms run them, to compare with: one episode, one update, in order.

None of their operators publishes every constant, so these are reconstructions: a ladder with TrueSkill as
Kaggle's looks from outside, the same without its forgetting, OpenSkill with its defaults, and Elo.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import numpy as np

from workers.league.comparisons import Floats
from workers.league.intervals import NORMAL_95
from workers.league.likelihood import ELO_PER_LOGIT
from workers.simulation.measures import Step, kendall_tau, place_error
from workers.simulation.worlds import World

_PROBIT_PER_LOGIT: Final = 1.702
"""A normal curve drawn out by this is the logistic one within 0.01."""


class Ladder(Protocol):
    """Ratings that change with every episode."""

    mean: list[float]
    sigma: list[float]
    """Empty where a ladder has none."""
    elo_per_point: float

    def update(self, first: int, second: int, points: float) -> None:
        """Take in an episode; points are the first's."""

    def meet(self, rng: np.random.Generator) -> tuple[int, int]:
        """Choose who plays next."""


class _AtRandom:
    """Pairs by lot."""

    mean: list[float]

    def meet(self, rng: np.random.Generator) -> tuple[int, int]:
        """Choose who plays next."""
        first = int(rng.integers(len(self.mean)))
        second = int(rng.integers(len(self.mean) - 1))
        return first, second + (second >= first)


class TrueSkill:
    """TrueSkill for two, with opponents near in rating.

    Source:
        Herbrich, Minka & Graepel 2006; opponents as in the coordinator of Halite II: any of the k nearest,
        k = 5 / (0.01 + U) ** 0.65.
    """

    start, sigma_start, beta = 600.0, 200.0, 100.0

    def __init__(self, agents: int, *, draws: float, forgetting: float) -> None:
        self.mean = [self.start] * agents
        self.sigma = [self.sigma_start] * agents
        self.played = [0] * agents
        self.elo_per_point = _PROBIT_PER_LOGIT * ELO_PER_LOGIT / (math.sqrt(2.0) * self.beta)
        self._forgetting = forgetting**2
        self._margin = math.sqrt(2.0) * self.beta * _quantile(0.5 + 0.5 * draws)

    def meet(self, rng: np.random.Generator) -> tuple[int, int]:
        """Let the one least played, or one little known, meet one of its neighbours."""
        if rng.random() < 0.5:
            first = self.played.index(min(self.played))
        else:
            weight = np.cumsum(self.sigma)
            first = int(np.searchsorted(weight, rng.random() * weight[-1]))
        near = int(5.0 / (0.01 + rng.random()) ** 0.65)
        near = min(max(near, 1), len(self.mean) - 1)
        away = np.abs(np.asarray(self.mean) - self.mean[first])
        away[first] = np.inf
        closest = np.argpartition(away, near - 1)[:near]
        second = int(closest[int(rng.integers(near))])
        self.played[first] += 1
        self.played[second] += 1
        return (first, second) if rng.random() < 0.5 else (second, first)

    def update(self, first: int, second: int, points: float) -> None:
        """Take in an episode; points are the first's."""
        one, other = (first, second) if points >= 0.5 else (second, first)
        variance_one = self.sigma[one] ** 2 + self._forgetting
        variance_other = self.sigma[other] ** 2 + self._forgetting
        scale = math.sqrt(variance_one + variance_other + 2.0 * self.beta**2)
        gap, margin = (self.mean[one] - self.mean[other]) / scale, self._margin / scale
        push, shrink = _drawn(gap, margin) if points == 0.5 else _won(gap - margin)
        self.mean[one] += variance_one / scale * push
        self.mean[other] -= variance_other / scale * push
        self.sigma[one] = math.sqrt(variance_one * max(1.0 - variance_one / scale**2 * shrink, 1e-6))
        self.sigma[other] = math.sqrt(variance_other * max(1.0 - variance_other / scale**2 * shrink, 1e-6))


class OpenSkill(_AtRandom):
    """OpenSkill's Plackett-Luce for two with its defaults.

    Source:
        Weng & Lin 2011, Journal of Machine Learning Research 12:267-300, algorithm 4.
    """

    start, sigma_start, beta, forgetting = 25.0, 25.0 / 3.0, 25.0 / 6.0, 25.0 / 300.0

    def __init__(self, agents: int) -> None:
        self.mean = [self.start] * agents
        self.sigma = [self.sigma_start] * agents
        self.elo_per_point = ELO_PER_LOGIT / (math.sqrt(2.0) * self.beta)

    def update(self, first: int, second: int, points: float) -> None:
        """Take in an episode; points are the first's."""
        variances = [self.sigma[each] ** 2 + self.forgetting**2 for each in (first, second)]
        scale = math.sqrt(sum(variances) + 2.0 * self.beta**2)
        expected = 0.5 + 0.5 * math.tanh(0.5 * (self.mean[first] - self.mean[second]) / scale)
        for agent, variance, sign in zip((first, second), variances, (1.0, -1.0), strict=True):
            self.mean[agent] += sign * variance / scale * (points - expected)
            shrink = math.sqrt(variance) / scale * variance / scale**2 * expected * (1.0 - expected)
            self.sigma[agent] = math.sqrt(variance * max(1.0 - shrink, 1e-4))


class Elo(_AtRandom):
    """Elo with a fixed step of 8."""

    step = 8.0

    def __init__(self, agents: int) -> None:
        self.mean = [1500.0] * agents
        self.sigma: list[float] = []
        self.elo_per_point = 1.0

    def update(self, first: int, second: int, points: float) -> None:
        """Take in an episode; points are the first's."""
        gap = (self.mean[first] - self.mean[second]) / ELO_PER_LOGIT
        change = self.step * (points - 0.5 - 0.5 * math.tanh(0.5 * gap))
        self.mean[first] += change
        self.mean[second] -= change


LADDERS: Final[Mapping[str, Callable[[World], Ladder]]] = {
    "kaggle-like": lambda world: TrueSkill(world.agents, draws=world.draws, forgetting=2.0),
    "trueskill, no forgetting": lambda world: TrueSkill(world.agents, draws=world.draws, forgetting=0.0),
    "openskill, random pairs": lambda world: OpenSkill(world.agents),
    "elo k=8, random pairs": lambda world: Elo(world.agents),
}


def climb(world: World, ladder: Ladder, *, looks: Sequence[int], rng: np.random.Generator) -> Iterator[Step]:
    """Play one episode after the other, and yield a step at each look (episodes per agent)."""
    rates, true_elo = world.rates(), world.elo()
    played = 0
    for look in looks:
        wanted = look * world.agents // 2
        seeds, chances = rng.normal(size=wanted - played), rng.random(wanted - played)
        for seed, chance in zip(seeds, chances, strict=True):
            first, second = ladder.meet(rng)
            ladder.update(first, second, _play(world, first, second, float(seed), float(chance)))
        played = wanted
        mean = np.asarray(ladder.mean)
        tau, off = kendall_tau(mean, rates), place_error(mean, rates)
        yield Step(look, tau, _coverage(ladder, true_elo), off)


def _play(world: World, first: int, second: int, seed: float, chance: float) -> float:
    """Return the points of whoever sits first: `World.play_once` for one episode, a little faster."""
    logit = world.advantage[first, second] + world.first_seat[first] + world.luck * seed
    won = (1.0 - world.draws) * (0.5 + 0.5 * math.tanh(0.5 * logit))
    return 0.5 * (chance < won) + 0.5 * (chance < won + world.draws)


def _coverage(ladder: Ladder, true_elo: Floats) -> float | None:
    """Return how often mean ± 1.96 sigma, in Elo, holds the truth."""
    if not ladder.sigma:
        return None
    elo = ladder.elo_per_point * (np.asarray(ladder.mean) - np.mean(ladder.mean))
    reach = NORMAL_95 * ladder.elo_per_point * np.asarray(ladder.sigma)
    return float((np.abs(elo - true_elo) <= reach).mean())


def _density(x: float) -> float:
    return math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)


def _below(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def _won(gap: float) -> tuple[float, float]:
    """Return how much a win moves means and shrinks variances."""
    if gap < -30.0:
        return -gap, 1.0
    push = _density(gap) / _below(gap)
    return push, push * (push + gap)


def _drawn(gap: float, margin: float) -> tuple[float, float]:
    """Return how much a draw moves means and shrinks variances."""
    low, high = -margin - gap, margin - gap
    inside = _below(high) - _below(low)
    if inside < 1e-12:
        return -gap, 1.0
    push = (_density(low) - _density(high)) / inside
    return push, push**2 + (high * _density(high) - low * _density(low)) / inside


def _quantile(share: float) -> float:
    """Return where the normal distribution has `share` below it, by halving."""
    low, high = -10.0, 10.0
    for _ in range(80):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _below(middle) < share else (low, middle)
    return 0.5 * (low + high)
