"""Every experiment by name, as a job that any process can do: the same job gives the same finding."""

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from workers.simulation import trials
from workers.simulation.crowds import Crowd, draw_crowd
from workers.simulation.finals import play_final
from workers.simulation.ladders import LADDERS, climb
from workers.simulation.leagues import League, Way, waits
from workers.simulation.measures import Count, Step, claims, judge
from workers.simulation.worlds import WORLDS, World, draw_world

OURS: Final = "coliseum"
NEAR: Final = "coliseum, large field"
"""As the site pairs fields of hundreds: neighbours in strength, those first who played least."""
BY_LOT: Final = "coliseum, random pairs"
_WAYS: Final[Mapping[str, Way]] = {OURS: "gain", NEAR: "neighbours", BY_LOT: "lot"}
CROWD: Final = "N4"
CROWD_SAYS: Final = "four seats, strengths alone (sd 300), one episode a match"
LOOKS: Final = (8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
"""Episodes per agent after which tables are judged."""
CLAIMS_AT: Final = 128
_NEWCOMER_MATCHES: Final = 8


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of a profile."""

    experiment: str
    world: str
    replicate: int
    agents: int
    episodes: int
    """Per agent."""
    seed: int
    runs: int = 1
    """Repetitions inside the job, for those that are quick."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a job found."""

    job: Job
    steps: tuple[Step, ...] = ()
    counts: Mapping[str, Count] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Least and greatest value."""


def run(job: Job) -> Finding:
    """Do one job; all chance comes from its numbers.

    Raises:
        LookupError: there is no such experiment or world.
    """
    if job.experiment in _WAYS:
        return _league(job)
    if job.experiment in LADDERS:
        world = _world(job)
        ladder = LADDERS[job.experiment](world)
        return Finding(job, tuple(climb(world, ladder, looks=_looks(job), rng=_chance(job))))
    return _TRIALS[job.experiment](job)


def total(findings: Iterable[Finding], name: str) -> Count:
    """Return the sum of a count over all findings that have it."""
    return sum((each.counts[name] for each in findings if name in each.counts), Count(0.0, 0))


def extremes(findings: Iterable[Finding], name: str) -> tuple[float, float]:
    """Return the least and the greatest value over all findings that have it.

    Raises:
        ValueError: none has it.
    """
    ranges = [each.ranges[name] for each in findings if name in each.ranges]
    return min(low for low, _ in ranges), max(high for _, high in ranges)


def _world(job: Job) -> World:
    """Draw the field; every engine rates the same agents."""
    rng = np.random.default_rng([job.seed, job.replicate, _number(job.world)])
    return draw_world(WORLDS[job.world], job.agents, rng)


def _crowd(job: Job) -> Crowd:
    return draw_crowd(300.0, job.agents, 4, np.random.default_rng([job.seed, job.replicate, 4]))


def _chance(job: Job) -> np.random.Generator:
    return np.random.default_rng([job.seed, job.replicate, _number(job.world), _number(job.experiment)])


def _number(name: str) -> int:
    """Return a number for a name, the same in every process."""
    return zlib.crc32(name.encode())


def _looks(job: Job) -> list[int]:
    return [look for look in LOOKS if look <= job.episodes]


def _league(job: Job) -> Finding:
    world = _crowd(job) if job.world == CROWD else _world(job)
    rates, true_elo = world.rates(), world.elo()
    league = League(world, _chance(job), by=_WAYS[job.experiment])
    steps: list[Step] = []
    counts: dict[str, Count] = {}
    for look in _looks(job):
        table = league.play_until(look)
        steps.append(judge(table, look, rates, true_elo))
        if look == CLAIMS_AT and job.experiment == OURS:
            counts["likely"] = claims(table, rates, 0.85, 0.95)
            counts["sure"] = claims(table, rates, 0.95, 1.1)
    # Who is paired by lot is not our rule; how long agents wait is told of each of ours.
    ranges = {} if job.experiment == BY_LOT else _fairness(league, job.experiment)
    return Finding(job, tuple(steps), counts, ranges)


def _fairness(league: League, engine: str) -> dict[str, tuple[float, float]]:
    lineups = np.concatenate(league.lineups)
    load = np.bincount(lineups.ravel(), minlength=league.world.agents) / lineups.size * league.world.agents
    longest, mean = waits(lineups, league.world.agents, since=_NEWCOMER_MATCHES)
    return {
        f"load, {engine}": (float(load.min()), float(load.max())),
        f"wait, {engine}": (0.0, longest),
        f"mean wait, {engine}": (0.0, mean),
    }


def _twins(job: Job) -> Finding:
    rng = _chance(job)
    near = sum((trials.twins(rng, episodes=job.episodes) for _ in range(job.runs)), Count(0.0, 0))
    return Finding(job, counts={"twins": near})


def _puppets(job: Job) -> Finding:
    rng = _chance(job)
    found = [trials.puppets(rng, agents=job.agents, episodes=job.episodes) for _ in range(job.runs)]
    caught = sum((each for each, _ in found), Count(0.0, 0))
    suspected = sum((each for _, each in found), Count(0.0, 0))
    return Finding(job, counts={"caught": caught, "suspected": suspected})


def _clones(job: Job) -> Finding:
    place, moved = trials.clones(_chance(job), agents=job.agents)
    lifted, _ = trials.clones(_chance(job), agents=job.agents, together=True)
    ranges = {"clones": (float(place), float(place)), "moved": (0.0, float(moved))}
    return Finding(job, ranges={**ranges, "lifted": (float(lifted), float(lifted))})


def _gift(job: Job) -> Finding:
    rng = _chance(job)
    worths = [trials.gift(rng) for _ in range(job.runs)]
    # Some leagues learn a pair effect by chance; it takes more of a whole win than of a gift.
    typical = float(np.median(worths))
    return Finding(job, ranges={"gift": (typical, typical), "gifts": (min(worths), max(worths))})


def _shuffled(job: Job) -> Finding:
    moved, is_equal = trials.shuffled(_chance(job))
    return Finding(job, counts={"digests": Count(float(is_equal), 1)}, ranges={"shuffled": (0.0, moved)})


def _finals(job: Job) -> Finding:
    rng = _chance(job)
    endings = [
        play_final(draw_world(WORLDS[job.world], job.agents, rng), rng, budget=job.episodes)
        for _ in range(job.runs)
    ]
    settled = [each for each in endings if each.is_settled]
    counts = {
        "final claims": Count(float(sum(each.is_true for each in settled)), len(settled)),
        "settled": Count(float(len(settled)), len(endings)),
        "final episodes": Count(sum(each.episodes for each in endings), len(endings)),
    }
    return Finding(job, counts=counts)


def _gates(job: Job) -> Finding:
    rng = _chance(job)
    counts = {
        "false better": trials.gate_errors(rng, elo=0.0, wrong="better", runs=job.runs),
        "missed better": trials.gate_errors(rng, elo=50.0, wrong="not_better", runs=job.runs),
    }
    return Finding(job, counts=counts)


def _scores(job: Job) -> Finding:
    rng = _chance(job)
    inside = sum((trials.iqm_coverage(rng, agents=job.agents) for _ in range(job.runs)), Count(0.0, 0))
    return Finding(job, counts={"scores": inside})


_TRIALS: Final[Mapping[str, Callable[[Job], Finding]]] = {
    "twins": _twins,
    "puppets": _puppets,
    "clones": _clones,
    "gift": _gift,
    "shuffled log": _shuffled,
    "finals": _finals,
    "gates": _gates,
    "scores": _scores,
}
