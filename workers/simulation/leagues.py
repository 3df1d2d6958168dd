"""A league in a known world: the real pairing chooses, the world plays, the real estimator rates."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Final, Literal, Protocol, TypeAlias

import numpy as np

from workers.league import Fit, Settings, fit
from workers.league.board import PairingRules, PairingState
from workers.league.comparisons import Booleans, Comparisons, Integers, empty_comparisons
from workers.league.likelihood import ELO_PER_LOGIT
from workers.league.neighbours import Field as Neighbourhood
from workers.league.neighbours import choose_neighbours
from workers.league.pairing import Pairing, choose_pairs

AHEAD: Final = 4
"""Episodes for each agent that are chosen before the results of the first are known, at least."""
GROWTH: Final = 0.02
"""Later as large a share of all that was played, as the conductor does between two fits."""
Way: TypeAlias = Literal["gain", "neighbours", "lot"]
_QUICK: Final = Settings(draws=1)
"""Ratings and errors do not depend on the draws; only places do."""


class Field(Protocol):
    """What can be played: a world, or a crowd."""

    @property
    def agents(self) -> int:
        """Return how many agents there are."""

    @property
    def seats(self) -> int:
        """Return how many of them meet in an episode."""

    @property
    def episodes_per_match(self) -> int:
        """Return how many episodes a match has."""

    def play(self, lineups: Integers, rng: np.random.Generator, *, start: int) -> Comparisons:
        """Play a match for each line-up, (matches, seats)."""


class League:
    """The life of one league, tick by tick.

    Args:
        world: who plays.
        rng: all chance comes from here.
        owners: (agents,) who owns each; everybody an owner if left out.
        rules: of the pairing; the defaults if left out.
        by: how pairs are chosen: by the gain of their meeting, among neighbours, or by lot.
    """

    def __init__(
        self,
        world: Field,
        rng: np.random.Generator,
        *,
        owners: Sequence[int] | None = None,
        rules: PairingRules | None = None,
        by: Way = "gain",
    ) -> None:
        self.world = world
        self.rng = rng
        self.rules = rules or PairingRules()
        self.by: Way = by
        agents = world.agents
        self.owners: Integers = np.arange(agents) if owners is None else np.asarray(owners, np.int64)
        self.active: Booleans = np.ones(agents, bool)
        self.lineups: list[Integers] = []
        self._parts: list[Comparisons] = []
        self._together = np.zeros((agents, agents))
        self._load = np.zeros(agents, np.int64)
        self._seat_counts = np.zeros((agents, world.seats), np.int64)
        self._table: Fit | None = None

    @property
    def matches(self) -> int:
        """Return how many matches were played."""
        return sum(len(part) for part in self.lineups)

    def results(self) -> Comparisons:
        """Return everything that was played."""
        self._parts = [join(self._parts)]
        return self._parts[0]

    def table(self, settings: Settings = _QUICK) -> Fit:
        """Return the ratings of all results so far."""
        if self._table is None or settings is not _QUICK:
            self._table = fit(
                self.results(),
                agents=self.world.agents,
                owners=self.owners.tolist(),
                active=self.active,
                settings=settings,
            )
        return self._table

    def play_until(self, episodes: int) -> Fit:
        """Play until active agents have had so many more-or-less episodes each on average, and rate them.

        Args:
            episodes: per agent of the whole field, counted from the league's beginning.
        """
        world = self.world
        wanted = episodes * world.agents // (world.seats * world.episodes_per_match)
        least = max(1, AHEAD * int(self.active.sum()) // (world.seats * world.episodes_per_match))
        while self.matches < wanted:
            ahead = max(least, int(GROWTH * self.matches))
            if not self.play_tick(min(ahead, wanted - self.matches)):
                break
        return self.table()

    def play_tick(self, count: int) -> int:
        """Choose matches, play them, and return how many there were."""
        lineups = self.choose(count)
        if len(lineups):
            self.play(lineups)
        return len(lineups)

    def play(self, lineups: Integers) -> None:
        """Play matches that were chosen somewhere else.

        Args:
            lineups: (matches, seats) agents.
        """
        world = self.world
        self._parts.append(world.play(lineups, self.rng, start=self.matches))
        self.lineups.append(lineups)
        self._table = None
        for first in range(world.seats):
            np.add.at(self._load, lineups[:, first], 1)
            np.add.at(self._seat_counts[:, first], lineups[:, first], 1)
            for second in range(world.seats):
                if first != second:
                    pair = lineups[:, first], lineups[:, second]
                    np.add.at(self._together, pair, world.episodes_per_match)

    def forget_table(self) -> None:
        """Rate again when next asked, though nothing was played."""
        self._table = None

    def choose(self, count: int) -> Integers:
        """Return the line-ups, (matches, seats), that would be played next."""
        if self.by == "lot":
            return self._by_lot(count)
        chosen = self._by_gain(count) if self.by == "gain" else self._by_nearness(count)
        lineups = np.array([pairing.lineup for pairing in chosen], np.int64)
        return lineups.reshape(-1, self.world.seats)

    def _by_nearness(self, count: int) -> list[Pairing]:
        table = self.table()
        field = Neighbourhood(
            theta=table.theta,
            deviation=table.error / ELO_PER_LOGIT,
            load=self._load,
            owner=self.owners,
            active=self.active,
            seats=self.world.seats,
        )
        return choose_neighbours(field, count=count, rng=self.rng, rules=self.rules)

    def _by_gain(self, count: int) -> list[Pairing]:
        table = self.table()
        # As in the conductor, whoever is out is no part of the field that is paired.
        who = np.flatnonzero(self.active)
        square = np.ix_(who, who)
        state = PairingState(
            theta=table.theta[who],
            covariance=table.covariance[square],
            kappa=table.kappa,
            tau=table.tau,
            episodes=self._together[square],
            load=self._load[who],
            owner=self.owners[who],
            active=np.ones(len(who), bool),
            seats=self.world.seats,
            episodes_per_match=self.world.episodes_per_match,
            seat_counts=self._seat_counts[who] if self.world.seats > 2 else None,
        )
        chosen = choose_pairs(state, count=count, rng=self.rng, rules=self.rules)
        return [replace(each, lineup=tuple(int(who[at]) for at in each.lineup)) for each in chosen]

    def _by_lot(self, count: int) -> Integers:
        agents, seats = self.world.agents, self.world.seats
        if agents < seats:
            return np.zeros((0, seats), np.int64)
        lineups = np.zeros((count, seats), np.int64)
        wrong = np.ones(count, bool)
        while wrong.any():
            # Line-ups in which somebody sits twice are drawn again.
            lineups[wrong] = self.rng.integers(agents, size=(int(wrong.sum()), seats))
            wrong = (np.diff(np.sort(lineups, axis=1), axis=1) == 0).any(axis=1)
        return lineups


def join(parts: Sequence[Comparisons]) -> Comparisons:
    """Return the rows of several results in one."""
    names = [each.name for each in fields(Comparisons)]
    every = [empty_comparisons(), *parts]
    return Comparisons(**{name: np.concatenate([getattr(part, name) for part in every]) for name in names})


def waits(lineups: Integers, agents: int, *, since: int) -> tuple[float, float]:
    """Return the longest and the longest mean wait of an agent between matches, in mean waits of the field.

    Args:
        lineups: (matches, seats) agents in the order they were chosen.
        agents: how many.
        since: matches of each agent that are left out: its time as a newcomer.
    """
    mean = agents / lineups.shape[1]
    longest, longest_mean = 0.0, 0.0
    for agent in range(agents):
        gaps = np.diff(np.flatnonzero((lineups == agent).any(axis=1))[since:])
        if len(gaps):
            longest = max(longest, float(gaps.max()) / mean)
            longest_mean = max(longest_mean, float(gaps.mean()) / mean)
    return longest, longest_mean
