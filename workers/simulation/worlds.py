"""Worlds whose truth is known: agents with strengths, styles, seats and luck, and the results they get.

Each world is one reason why ranking is hard. W1 to W8 are those of the measurements in docs/evaluation.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Comparisons, Floats, Integers
from workers.league.likelihood import ELO_PER_LOGIT

_NODES: Final = 31
"""Points of the quadrature over the luck of the seed."""
_CROWD_ELO: Final = 350.0
_CROWD_SPREAD_ELO: Final = 50.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to draw a world of two seats; all but `draws` and `crowd` in Elo."""

    says: str
    spread: float = 300.0
    """Standard deviation of strengths."""
    seat: float = 0.0
    """What the first seat is worth on average."""
    seat_spread: float = 0.0
    """By how much that differs between agents."""
    luck: float = 0.0
    """Each seed favours a seat by a normal draw of this standard deviation."""
    cyclic: float = 0.0
    """Standard deviation of what two styles make of each other, as rock-paper-scissors does."""
    draws: float = 0.0
    """Share of episodes that end in a draw, whoever plays, 0 to 1."""
    crowd: float = 0.0
    """Share of the field that crowds near the top, 0 to 1."""


_SEATED: Final = {"seat": 100.0, "seat_spread": 50.0}
_MIXED: Final = {**_SEATED, "luck": 200.0, "cyclic": 100.0, "draws": 0.3}
WORLDS: Final[Mapping[str, Recipe]] = {
    "W1": Recipe("strengths alone, close together (sd 200)", spread=200.0),
    "W2": Recipe("strengths alone, far apart (sd 400)", spread=400.0),
    "W3": Recipe("sd 300; the first seat is worth 100 Elo, more to some (sd 50)", **_SEATED),
    "W4": Recipe("W3, and each seed favours a seat by 200 Elo (sd)", **_SEATED, luck=200.0),
    "W5": Recipe("W3, and each seed favours a seat by 400 Elo (sd)", **_SEATED, luck=400.0),
    "W6": Recipe("sd 300, and styles that beat each other in circles (sd 150)", cyclic=150.0),
    "W7": Recipe("W4, cycles of 100 and 30 % draws", **_MIXED),
    "W8": Recipe("W7 with three tenths of the field crowded near the top", **_MIXED, crowd=0.3),
}


@dataclass(frozen=True, slots=True)
class World:
    """A field of agents for two seats; a match is one seed played in both seatings."""

    advantage: Floats
    """(agents, agents) antisymmetric, logits: the row's agent over the column's, seats aside."""
    first_seat: Floats
    """(agents,) what each gains by sitting first, logits."""
    luck: float = 0.0
    """Logits."""
    draws: float = 0.0

    seats = 2
    episodes_per_match = 2

    @property
    def agents(self) -> int:
        """Return how many agents there are."""
        return len(self.first_seat)

    def play(self, lineups: Integers, rng: np.random.Generator, *, start: int) -> Comparisons:
        """Play a match for each line-up: the same seed twice, seats swapped.

        Args:
            lineups: (matches, 2) agents.
            rng: all chance comes from here.
            start: number of the first match.
        """
        first, second = lineups.T
        seed = rng.normal(0.0, 1.0, len(lineups))
        there = self.play_once(first, second, seed, rng.random(len(lineups)))
        back = self.play_once(second, first, seed, rng.random(len(lineups)))
        match = np.repeat(np.arange(len(lineups)) + start, 2)
        no_seat = np.full(len(match), -1, np.int64)
        points = np.stack([there, 1.0 - back], axis=1).ravel()
        sides = np.repeat(first, 2), np.repeat(second, 2)
        return Comparisons(match, *sides, no_seat, no_seat, points, np.ones(len(match)))

    def play_once(self, first: Integers, second: Integers, seed: Floats, chance: Floats) -> Floats:
        """Return (episodes,) points of whoever sits first.

        Args:
            first: (episodes,) agent in the first seat.
            second: (episodes,) agent in the second seat.
            seed: (episodes,) standard normal luck of each seed.
            chance: (episodes,) uniform draws that decide.
        """
        logits = self.advantage[first, second] + self.first_seat[first] + self.luck * seed
        won = (1.0 - self.draws) * _sigmoid(logits)
        return np.asarray(0.5 * (chance < won) + 0.5 * (chance < won + self.draws))

    def payoff(self) -> Floats:
        """Return (agents, agents): the row's expected points against the column, over seats and seeds."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
        first = self.advantage + self.first_seat[:, None]
        points = np.zeros_like(first)
        for node, weight in zip(nodes, weights / weights.sum(), strict=True):
            sitting_first = _sigmoid(first + self.luck * node)
            points += weight * 0.5 * (sitting_first + 1.0 - sitting_first.T)
        return np.asarray(0.5 * self.draws + (1.0 - self.draws) * points)

    def rates(self) -> Floats:
        """Return (agents,) expected points against the whole field: the true order."""
        points = self.payoff()
        np.fill_diagonal(points, 0.0)
        return np.asarray(points.sum(axis=1) / max(self.agents - 1, 1))

    def elo(self) -> Floats:
        """Return (agents,) true ratings: the Bradley-Terry fit to everybody meeting everybody for ever."""
        points = self.payoff()
        theta = np.zeros(self.agents)
        for _ in range(40):
            expected = _sigmoid(theta[:, None] - theta[None, :])
            bend = expected * (1.0 - expected)
            np.fill_diagonal(bend, 0.0)
            slope = np.where(bend > 0.0, points - expected, 0.0).sum(axis=1)
            # Everyone shifted alike changes nothing; the added ones take that direction out.
            step = np.linalg.solve(np.diag(bend.sum(axis=1)) - bend + 1.0 / self.agents, slope)
            theta = theta + np.clip(step, -1.0, 1.0)
        return np.asarray(ELO_PER_LOGIT * (theta - theta.mean()))


def draw_world(recipe: Recipe, agents: int, rng: np.random.Generator) -> World:
    """Draw the agents of a world."""
    strength = rng.normal(0.0, recipe.spread, agents)
    crowd = round(recipe.crowd * agents)
    strength[:crowd] = rng.normal(_CROWD_ELO, _CROWD_SPREAD_ELO, crowd)
    style = rng.normal(size=(agents, 2))
    turn = np.outer(style[:, 0], style[:, 1])
    # The difference of two products of two normal draws has a variance of 2.
    cycles = (turn - turn.T) / np.sqrt(2.0)
    seat = rng.normal(recipe.seat, recipe.seat_spread, agents)
    apart = strength[:, None] - strength[None, :] + recipe.cyclic * cycles
    return World(apart / ELO_PER_LOGIT, seat / ELO_PER_LOGIT, recipe.luck / ELO_PER_LOGIT, recipe.draws)


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * logits))
