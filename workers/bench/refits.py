"""What a leaderboard costs as results come in: refits from sums that are kept, and pairings from the fit."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import numpy as np

from workers.bench.goals import BARE, SANDBOXED
from workers.bench.league import league_of, rate_online
from workers.bench.measuring import Gauge, Options, Variant, Workload
from workers.league import Comparisons, Fit, Gathering, PairingState, choose_pairs, fit

FIELDS: Final = {SANDBOXED: 100, "500 agents": 500, "1500 agents": 1500}
"""Agents of the fields that are refitted and paired, by the variant's name."""
_PAIRINGS: Final = 50
_EPISODES: Final = 32
"""Of each agent, on average, in the fields that are paired."""
_LARGE_AGENTS: Final = 10_000
_LARGE_MATCHES: Final = 1_000_000


def seconds_of(act: Callable[[], object]) -> Gauge:
    """Return a gauge of the least processor time in seconds that a call of `act` takes."""

    def gauge(seconds: float) -> float:
        least, until = float("inf"), time.perf_counter() + seconds
        while least == float("inf") or time.perf_counter() < until:
            began = time.process_time()
            act()
            least = min(least, time.process_time() - began)
        return least

    return gauge


def gathered(comparisons: Comparisons) -> Gathering:
    """Return the sums of results."""
    gathering = Gathering()
    gathering.add(comparisons)
    return gathering


def pair(table: Fit) -> None:
    """Choose fifty matches from a fit."""
    agents = len(table.theta)
    episodes = np.zeros((agents, agents))
    episodes[table.pair_low, table.pair_high] = table.pair_weight
    state = PairingState(
        theta=table.theta,
        covariance=table.covariance,
        kappa=table.kappa,
        tau=table.tau,
        episodes=episodes + episodes.T,
        load=(table.episodes / 2).astype(np.int64),
        owner=np.arange(agents),
        active=np.ones(agents, bool),
    )
    choose_pairs(state, count=_PAIRINGS, rng=np.random.default_rng(0))


@contextmanager
def _refit(_options: Options) -> Iterator[Sequence[Variant]]:
    leagues = {
        name: league_of(agents, agents * _EPISODES // 4, np.random.default_rng(0))
        for name, agents in FIELDS.items()
    }
    fields = {name: gathered(comparisons) for name, comparisons in leagues.items()}

    def refit(name: str) -> Variant:
        agents = FIELDS[name]
        return Variant(name, seconds_of(lambda: pair(fit(fields[name].evidence(agents), agents=agents))))

    least, *more = FIELDS
    bare = Variant(BARE, seconds_of(lambda: rate_online(leagues[least], FIELDS[least])))
    yield [refit(least), bare, *map(refit, more)]


@contextmanager
def _large(_options: Options) -> Iterator[Sequence[Variant]]:
    comparisons = league_of(_LARGE_AGENTS, _LARGE_MATCHES, np.random.default_rng(0))
    gathering = gathered(comparisons)
    yield [
        Variant(SANDBOXED, seconds_of(lambda: fit(gathering.evidence(_LARGE_AGENTS), agents=_LARGE_AGENTS))),
        Variant(BARE, seconds_of(lambda: rate_online(comparisons, _LARGE_AGENTS))),
    ]


REFIT: Final = Workload(
    "refit",
    "s",
    f"A refit from kept sums and {_PAIRINGS} pairings of 100 agents, further 500 and 1,500, processor time "
    "on one core; bare is Elo over the same matches in plain Python. Less is better.",
    _refit,
)
LARGE_FIELD: Final = Workload(
    "large-field",
    "s",
    f"The ratings of {_LARGE_AGENTS:,} agents after {_LARGE_MATCHES:,} matches, from kept sums, processor "
    "time; bare is Elo over the same matches in plain Python. Less is better.",
    _large,
)
