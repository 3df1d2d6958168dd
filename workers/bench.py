"""The benchmark: the sandboxed match engine against a bare loop of the same environment, in the same run."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
import pettingzoo

from arenas import registry
from workers.baselines import baseline_package
from workers.local import LocalArena
from workers.match import Table
from workers.seating import seatings
from workers.spec import EpisodeSpec

ROUNDS = 9
ROUND_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Round:
    """One round of a workload: both sides, one after the other."""

    rate: float
    bare_rate: float

    @property
    def ratio(self) -> float:
        """Return sandboxed over bare; 1 is as fast as no sandbox."""
        return self.rate / self.bare_rate


@dataclass(frozen=True, slots=True)
class Measurement:
    """All rounds of a workload."""

    name: str
    unit: str
    rounds: tuple[Round, ...]

    def as_row(self) -> dict[str, object]:
        """Return medians and every round, as `coliseum bench --json` prints it."""
        return {
            "name": self.name,
            "rate": round(median(each.rate for each in self.rounds), 1),
            "bare_rate": round(median(each.bare_rate for each in self.rounds), 1),
            "ratio": round(median(each.ratio for each in self.rounds), 4),
            "unit": self.unit,
            "runs": [
                {
                    "rate": round(each.rate, 1),
                    "bare_rate": round(each.bare_rate, 1),
                    "ratio": round(each.ratio, 4),
                }
                for each in self.rounds
            ],
        }


def connect_four(*, rounds: int = ROUNDS, seconds: float = ROUND_SECONDS) -> Measurement:
    """Measure plies a second: two random agents, each in a jail, against PettingZoo's own `env()` loop.

    Both sides play random legal moves on one core, in turn, `rounds` times `seconds` each. The start of the
    agents is outside the clock.
    """
    arena = registry.get("connect_four-v3")
    package, file_name = baseline_package(arena, "random")
    with LocalArena.open(arena) as local:
        table = Table(arena, local.adapter, local.launcher, arena.limits, records=False)
        for seed in range(arena.lineup):
            table.join(package, file_name, seed=seed)
        places = seatings(arena)
        number = 0

        def sandboxed() -> int:
            nonlocal number
            number += 1
            episode = EpisodeSpec(seed=number, seating=places[number % len(places)])
            return table.play_episode(episode).turns

        bare = _bare_loop()
        try:
            measured = [Round(_rate(sandboxed, seconds), _rate(bare, seconds)) for _ in range(rounds)]
        finally:
            table.close()
    return Measurement("connect-four", "plies/s", tuple(measured))


def _bare_loop() -> Callable[[], int]:
    """Return a function that plays one episode in this process, as a PettingZoo user would."""
    environment = pettingzoo.make("aec", "classic/connect_four-v3")
    rng = np.random.default_rng(0)
    seed = 0

    def episode() -> int:
        nonlocal seed
        seed += 1
        environment.reset(seed=seed)
        plies = 0
        for _agent in environment.agent_iter():
            observation, _, terminated, truncated, _ = environment.last()
            if terminated or truncated:
                environment.step(None)
                continue
            environment.step(int(rng.choice(np.flatnonzero(observation["action_mask"]))))
            plies += 1
        return plies

    return episode


def _rate(episode: Callable[[], int], seconds: float) -> float:
    """Return turns a second over at least `seconds` of whole episodes."""
    turns = 0
    started = time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds:
        turns += episode()
    return turns / elapsed


WORKLOADS: dict[str, Callable[[], Measurement]] = {"connect-four": connect_four}


def machine() -> str:
    """Return what a figure should be read with: cores and load."""
    return f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}"
