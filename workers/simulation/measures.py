"""What is measured of a table whose truth is known: its order, its intervals and its claims."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workers.league import Fit
from workers.league.comparisons import Booleans, Floats
from workers.league.intervals import NORMAL_95, superiority


@dataclass(frozen=True, slots=True)
class Step:
    """One look at a table."""

    episodes: int
    """Played by each agent on average."""
    tau: float
    """Kendall's rank correlation with the true order, -1 to 1."""
    coverage: float | None
    """Share of agents whose 95 % interval holds their true rating; none where there are no intervals."""
    off: float
    """Mean absolute error of the places."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened, out of how many times."""

    hits: float
    trials: int

    @property
    def share(self) -> float:
        """Return the share, 0 to 1; 0 where nothing was tried."""
        return self.hits / self.trials if self.trials else 0.0

    def __bool__(self) -> bool:
        return self.trials > 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.hits + other.hits, self.trials + other.trials)


def kendall_tau(estimate: Floats, truth: Floats) -> float:
    """Return the rank correlation of two orders; 0 for a tied pair."""
    agents = len(truth)
    if agents < 2:
        return 1.0
    agree = np.sign(estimate[:, None] - estimate[None, :]) * np.sign(truth[:, None] - truth[None, :])
    return float(agree.sum() / (agents * (agents - 1)))


def place_error(estimate: Floats, truth: Floats) -> float:
    """Return how many places an agent is off, on average."""
    return float(np.abs(_places(estimate) - _places(truth)).mean()) if len(truth) else 0.0


def is_inside(table: Fit, true_elo: Floats) -> Booleans:
    """Return (agents,) whose interval holds the true rating, both measured from the table's own centre."""
    centre = settled(table)
    off = (table.elo - table.elo[centre].mean()) - (true_elo - true_elo[centre].mean())
    return np.asarray(np.abs(off) <= NORMAL_95 * table.error)


def settled(table: Fit) -> Booleans:
    """Return (agents,) whose mean the scale begins from: all that play, until half of them are settled."""
    playing = table.episodes > 0
    counted = ~table.provisional
    return np.asarray(counted if 2 * counted.sum() >= max(int(playing.sum()), 1) else playing)


def judge(table: Fit, episodes: int, rates: Floats, true_elo: Floats) -> Step:
    """Compare a table with the truth.

    Args:
        table: the fit.
        episodes: of each agent, on average.
        rates: (agents,) what orders the field.
        true_elo: (agents,) ratings that intervals should hold.
    """
    coverage = float(is_inside(table, true_elo).mean())
    return Step(episodes, kendall_tau(table.theta, rates), coverage, place_error(table.theta, rates))


def claims(table: Fit, rates: Floats, low: float, high: float) -> Count:
    """Count the pairs called better with a chance from `low` to below `high`, and the true ones of them."""
    chance = superiority(table.theta, table.covariance)
    np.fill_diagonal(chance, 0.0)
    claimed = (chance >= low) & (chance < high)
    return Count(float((claimed & (rates[:, None] > rates[None, :])).sum()), int(claimed.sum()))


def episodes_to(steps: Sequence[Step], goal: float) -> float | None:
    """Return after how many episodes per agent tau reaches a goal for the first time; none if never.

    Between two looks tau is taken to grow with the logarithm of the episodes.
    """
    before: Step | None = None
    for step in steps:
        if step.tau >= goal:
            if before is None or step.tau == before.tau:
                return float(step.episodes)
            part = (goal - before.tau) / (step.tau - before.tau)
            ratio = math.log(step.episodes / before.episodes)
            return round(before.episodes * math.exp(part * ratio), 1)
        before = step
    return None


def mean_steps(runs: Sequence[Sequence[Step]]) -> tuple[Step, ...]:
    """Return the mean of several runs, look by look."""
    return tuple(_mean(looks) for looks in zip(*runs, strict=True))


def _mean(looks: Sequence[Step]) -> Step:
    size = len(looks)
    covered = [each.coverage for each in looks if each.coverage is not None]
    return Step(
        looks[0].episodes,
        sum(each.tau for each in looks) / size,
        sum(covered) / len(covered) if covered else None,
        sum(each.off for each in looks) / size,
    )


def _places(scores: Floats) -> Floats:
    places = np.empty(len(scores))
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return places
