"""How much is simulated: the fast profile of the tests, and the full one of docs/evaluation.md."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workers.simulation.experiments import BY_LOT, CROWD, NEAR, OURS, Job
from workers.simulation.ladders import LADDERS
from workers.simulation.worlds import WORLDS


@dataclass(frozen=True, slots=True)
class Profile:
    """Sizes of all experiments."""

    name: str
    agents: int
    replicates: int
    episodes: int
    """Most per agent."""
    engines: tuple[str, ...]
    """What plays every world beside ours."""
    twins: int
    """Leagues of 20 pairs of twins."""
    puppets: int
    """Leagues with thrown matches."""
    finals: int
    """Finals; 0 leaves the stop rule out."""
    gates: int
    """Tests of a new submission, of each kind."""
    scores: int
    """Tables of scores of 10 agents."""
    speeds: tuple[int, ...]
    """Fields whose refit is timed."""


PROFILES: Final[Mapping[str, Profile]] = {
    "fast": Profile(
        name="fast",
        agents=60,
        replicates=4,
        episodes=256,
        engines=(NEAR, "kaggle-like"),
        twins=10,
        puppets=10,
        finals=0,
        gates=1000,
        scores=100,
        speeds=(100,),
    ),
    "full": Profile(
        name="full",
        agents=100,
        replicates=8,
        episodes=1024,
        engines=(NEAR, *LADDERS, BY_LOT),
        twins=50,
        puppets=40,
        finals=200,
        gates=6000,
        scores=400,
        speeds=(100, 500, 1500),
    ),
}
_FINAL_WORLDS: Final = ("W1", "W4", "W6", "W7")


def jobs(profile: Profile, *, seed: int, worlds: Sequence[str] = (), with_trials: bool = True) -> list[Job]:
    """List the jobs of a profile, the longest first.

    Args:
        profile: what to simulate.
        seed: of all chance.
        worlds: only these; all if none is named.
        with_trials: the single questions too.
    """
    wanted = list(worlds) or [*WORLDS, CROWD]
    found = list(_trials(profile, seed)) if with_trials else []
    for world in wanted:
        for replicate in range(profile.replicates):
            for engine in (OURS, *profile.engines):
                if world != CROWD or engine in (OURS, NEAR, BY_LOT):
                    found.append(Job(engine, world, replicate, profile.agents, profile.episodes, seed))
    return sorted(found, key=lambda job: -cost(job))


def cost(job: Job) -> float:
    """Return about how long a job takes, in any unit: for the order, and the time that is left."""
    size = job.agents * job.episodes
    if job.experiment == OURS:
        return size * (4.0 if job.world == CROWD else 1.0)
    if job.experiment in (NEAR, BY_LOT):
        return 0.6 * size
    if job.experiment in LADDERS:
        return 0.1 * size
    weight = {"finals": 0.8, "twins": 1.0, "puppets": 1.0, "gates": 0.05, "scores": 4.0}
    return weight.get(job.experiment, 1.0) * size * job.runs


def _trials(profile: Profile, seed: int) -> Iterator[Job]:
    yield Job("clones", "", 0, 40, 16, seed)
    yield Job("gift", "", 0, 20, 256, seed, 8)
    yield Job("shuffled log", "", 0, 60, 64, seed)
    for experiment, number, agents, episodes, at_once in (
        ("twins", profile.twins, 40, 64, 5),
        ("puppets", profile.puppets, 40, 80, 5),
        ("gates", profile.gates, 2, 800, 500),
        ("scores", profile.scores, 10, 30, 50),
    ):
        for replicate in range(number // at_once):
            yield Job(experiment, "", replicate, agents, episodes, seed, at_once)
    for replicate in range(profile.finals // 5):
        world = _FINAL_WORLDS[replicate % len(_FINAL_WORLDS)]
        yield Job("finals", world, replicate, 32, 600, seed, 5)
