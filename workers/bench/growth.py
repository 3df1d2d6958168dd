"""Growth laws of the engine: how a cost grows with a size, and the bound it must stay below."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from arenas import registry
from arenas.spec import ArenaSpec
from workers.bench.bare import BareGames, agent_class, loop, make_environment
from workers.bench.boards import BOARD
from workers.bench.boundary import Boundary, open_boundary, picture
from workers.bench.jobs import Job, job_of
from workers.bench.machines import watched_referee
from workers.bench.measuring import ROUND_SECONDS, ROUNDS, Gauge, pause_of, rate_of
from workers.bench.sandboxed import SandboxedGames, random_package
from workers.local import LocalArena
from workers.referee_process import RefereeProcess

CHASERS: Final = (1, 3, 7, 15, 19)
"""Predators in a game of tag; the prey makes one more agent."""
OBSERVATION_BYTES: Final = (64, 1024, 16_384, 65_536, 262_144, 1_048_576)
MATCHES: Final = 2_400
_STAGES: Final = 12
_WARM_STAGES: Final = 2
"""Stages that fill caches and pools, and are left out."""


@dataclass(frozen=True, slots=True)
class Law:
    """A cost at several sizes, and the line through it."""

    name: str
    says: str
    size_unit: str
    unit: str
    sizes: tuple[float, ...]
    costs: tuple[float, ...]
    """One a size."""
    bound: float
    """Largest slope that is allowed."""
    is_power: bool = False
    """Whether the line goes through the logarithms: a slope of 1 is then proportional, 0 constant."""
    most_fixed: float | None = None
    """Largest cost at size 0 that is allowed; only of a straight line."""

    @property
    def is_lost_in_noise(self) -> bool:
        """Say whether a cost came out as nothing or less, so that it has no logarithm."""
        return self.is_power and min(self.costs) <= 0

    @property
    def line(self) -> tuple[float, float]:
        """Return slope and cost at size 0, of logarithms where it is a power law."""
        sizes, costs = np.array(self.sizes, float), np.array(self.costs, float)
        if self.is_power:
            sizes, costs = np.log(sizes), np.log(costs)
        slope, fixed = np.polyfit(sizes, costs, 1)
        return float(slope), float(fixed)

    def as_row(self) -> dict[str, object]:
        """Return it as `coliseum bench growth --json` prints it."""
        row: dict[str, object] = {"name": self.name, "says": self.says, "size_unit": self.size_unit}
        row |= {
            "unit": self.unit,
            "sizes": list(self.sizes),
            "costs": [round(cost, 3) for cost in self.costs],
        }
        row |= {"slope": None, "bound": self.bound, "is_power": self.is_power, "ok": False}
        if self.is_lost_in_noise:
            return row
        slope, fixed = self.line
        is_small = self.most_fixed is None or fixed <= self.most_fixed
        row |= {"slope": round(slope, 6), "ok": slope <= self.bound and is_small}
        if self.most_fixed is not None:
            row |= {"fixed": round(fixed, 3), "most_fixed": self.most_fixed}
        return row


def measure_growth(
    *, rounds: int = ROUNDS, seconds: float = ROUND_SECONDS, matches: int = MATCHES
) -> Iterator[Law]:
    """Measure all laws, one after the other.

    Args:
        rounds: how often each size is measured; all sizes take turns.
        seconds: how long each is measured, about.
        matches: how many are played to see what a worker keeps of them.

    Raises:
        RefusedError: a law cannot be measured here.
        MatchError: an agent failed, so that nothing was measured.
    """
    yield from by_agents(rounds, seconds)
    yield from by_observation(rounds, seconds)
    yield from by_matches(matches)


def by_agents(rounds: int, seconds: float, chasers: Sequence[int] = CHASERS) -> Iterator[Law]:
    """Measure what the sandbox adds to a turn of tag with more and more agents: 2 to 20 of them."""
    with ExitStack() as opened:
        pairs = [opened.enter_context(_tag(each)) for each in chasers]
        added = _in_turn(pairs, rounds, seconds, lambda ours, bare: 1e6 / ours - 1e6 / bare)
    agents = tuple(each + 1.0 for each in chasers)
    says = "Microseconds the sandbox adds to a turn of simple_tag"
    yield Law("agents in the match", says, "agents", "µs a turn", agents, added, 20.0)
    yield Law(
        "agents in the match, order", f"{says}: no square", "agents", "µs a turn", agents, added, 1.2, True
    )


@contextmanager
def _tag(chasers: int) -> Iterator[tuple[Gauge, Gauge]]:
    arena = tag_with(chasers)
    make = agent_class(arena.baselines[0].path)
    with LocalArena.open(arena) as local, closing(SandboxedGames(local, random_package(arena))) as games:
        agents = [make() for _ in range(arena.seats)]
        yield rate_of(games.play), rate_of(loop(arena, make_environment(arena), BareGames(arena, agents)))


def tag_with(chasers: int) -> ArenaSpec:
    """Return simple_tag with another number of predators."""
    arena = registry.get("simple_tag-v3")
    return replace(
        arena,
        seats=chasers + 1,
        arguments={**arena.arguments, "num_adversaries": chasers},
        roles=("predator",) * chasers + ("prey",),
        team_of_seat=(0,) * chasers + (1,),
    )


def by_observation(rounds: int, seconds: float) -> Iterator[Law]:
    """Measure what the boundary adds to an act that sees 64 bytes to 1 MB."""
    with ExitStack() as opened:
        launcher = opened.enter_context(LocalArena.open(registry.get(BOARD))).launcher
        pairs = []
        for size in OBSERVATION_BYTES:
            boundary: Boundary = open_boundary(launcher, picture(size))
            opened.callback(boundary.seat.close)
            pairs.append((pause_of(boundary.ask), pause_of(boundary.bare)))
        added = _in_turn(pairs, rounds, seconds, lambda ours, bare: ours - bare)
    yield Law(
        "bytes of an observation",
        "Microseconds the boundary adds to an act",
        "bytes",
        "µs an act",
        tuple(map(float, OBSERVATION_BYTES)),
        added,
        bound=0.0001,
        most_fixed=15.0,
    )


def by_matches(matches: int) -> Iterator[Law]:
    """Measure what a worker keeps of the matches it has played, and whether it gets slower by them."""
    with watched_referee() as (referee, referee_id):
        job = job_of(registry.get(BOARD), episodes=1)
        stages = [_stage(referee, referee_id, job, matches // _STAGES) for _ in range(_STAGES)]
    kept = stages[_WARM_STAGES:]
    played = tuple(float((at + 1) * (matches // _STAGES)) for at in range(_WARM_STAGES, _STAGES))
    yield Law(
        "memory by matches played",
        "Bytes the referee holds after so many matches with fresh agents",
        "matches",
        "B",
        played,
        tuple(held for held, _ in kept),
        bound=1024.0,
    )
    yield Law(
        "time by matches played",
        "Milliseconds of a match with fresh agents after so many of them",
        "matches",
        "ms",
        played,
        tuple(took for _, took in kept),
        bound=0.05,
        is_power=True,
    )


def _stage(referee: RefereeProcess, referee_id: int, job: Job, matches: int) -> tuple[float, float]:
    """Play some matches; return the bytes the referee then holds, and milliseconds of the median match."""
    times = []
    for _ in range(matches):
        began = time.perf_counter()
        job.play(referee)
        times.append(time.perf_counter() - began)
    lines = Path(f"/proc/{referee_id}/status").read_text().splitlines()
    held = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon:"))
    return float(held), statistics.median(times) * 1000


def _in_turn(
    pairs: Sequence[tuple[Gauge, Gauge]],
    rounds: int,
    seconds: float,
    added: Callable[[float, float], float],
) -> tuple[float, ...]:
    """Measure pairs in rotation; return for each what is added, the median of its rounds."""
    for pair in pairs:
        for gauge in pair:
            gauge(seconds / 5)
    found = [[added(ours(seconds), bare(seconds)) for ours, bare in pairs] for _ in range(rounds)]
    return tuple(statistics.median(column) for column in zip(*found, strict=True))
