"""Connect four: one game after the other, sixteen side by side, and in fresh processes for each match."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import count
from typing import Final

from arenas import registry
from arenas.adapters.making import make_zoo
from workers.bench.bare import BareGames, agent_class, loop, make_environment
from workers.bench.goals import BARE, KAGGLE, SANDBOXED
from workers.bench.kaggle import open_kaggle
from workers.bench.measuring import Options, Variant, Workload, rate_of
from workers.bench.naive import naive_loop
from workers.bench.sandboxed import SandboxedGames, patient, random_package
from workers.environments import MOST_LANES
from workers.errors import MatchError
from workers.local import LocalArena
from workers.match import Table
from workers.seating import episode_seed
from workers.spec import EpisodeSpec

BOARD: Final = "connect_four-v3"
ALL_LANES_AT_ONCE: Final = b"""\
import numpy as np


class Agent:
    def reset(self, start):
        self.rng = np.random.default_rng((start.seed, start.seat))

    def act(self, observation):
        return self.act_batch([observation], [0])[0]

    def act_batch(self, observations, lanes):
        masks = np.array([observation["action_mask"] for observation in observations])
        return (self.rng.random(masks.shape) * masks).argmax(axis=1).tolist()
"""
"""Draws as the random agent does, for all games in one call."""


@contextmanager
def _one_after_the_other(options: Options) -> Iterator[Sequence[Variant]]:
    arena = registry.get(BOARD)
    package, path = random_package(arena), arena.baselines[0].path
    with ExitStack() as opened:
        local = opened.enter_context(LocalArena.open(arena))
        ours = opened.enter_context(closing(SandboxedGames(local, package)))
        make = agent_class(path)
        bare, rawly = (
            loop(arena, environment, BareGames(arena, [make(), make()]))
            for environment in (make_environment(arena), make_zoo(arena))
        )
        variants = [
            Variant(SANDBOXED, rate_of(ours.play)),
            Variant(BARE, rate_of(bare)),
            Variant("bare raw_env()", rate_of(rawly)),
            Variant("multiprocessing", rate_of(opened.enter_context(naive_loop(arena, path)))),
        ]
        if options.kaggle:
            kaggle = opened.enter_context(open_kaggle(options.kaggle))
            variants.append(Variant(KAGGLE, kaggle.plies))
        yield variants


@contextmanager
def _side_by_side(options: Options) -> Iterator[Sequence[Variant]]:
    arena = registry.get(BOARD)
    package = random_package(arena)
    with ExitStack() as opened:
        local = opened.enter_context(LocalArena.open(arena))
        games = [
            opened.enter_context(closing(SandboxedGames(local, each, lanes=lanes)))
            for each, lanes in (
                (package, MOST_LANES),
                ((ALL_LANES_AT_ONCE, "agent.py"), MOST_LANES),
                (package, 1),
            )
        ]
        make = agent_class(arena.baselines[0].path)
        bare = loop(arena, make_environment(arena), BareGames(arena, [make(), make()]))
        variants = [
            Variant(SANDBOXED, rate_of(games[0].play)),
            Variant(BARE, rate_of(bare)),
            Variant("act_batch", rate_of(games[1].play)),
            Variant("one lane", rate_of(games[2].play)),
        ]
        if options.kaggle:
            kaggle = opened.enter_context(open_kaggle(options.kaggle))
            variants.append(Variant(KAGGLE, kaggle.plies))
        yield variants


@contextmanager
def _in_fresh_processes(options: Options) -> Iterator[Sequence[Variant]]:
    arena = registry.get(BOARD)
    with ExitStack() as opened:
        local = opened.enter_context(LocalArena.open(arena))
        numbers = count(1)
        make = agent_class(arena.baselines[0].path)
        games = BareGames(arena, [make(), make()], fresh_seed)
        play = loop(arena, make_environment(arena), games)

        def bare() -> int:
            games.agents = [make(), make()]
            play()
            return 1

        variants = [
            Variant(SANDBOXED, rate_of(lambda: play_fresh(local, next(numbers)) and 1)),
            Variant(BARE, rate_of(bare)),
        ]
        if options.kaggle:
            kaggle = opened.enter_context(open_kaggle(options.kaggle))
            variants.append(Variant(KAGGLE, kaggle.matches))
        yield variants


def play_fresh(local: LocalArena, number: int) -> int:
    """Play one match of one episode, each agent in a process that is started for it and ended after it.

    Raises:
        MatchError: an agent failed; nothing that is measured then means anything.
    """
    arena = local.arena
    limits = patient(arena.limits)
    with closing(Table(arena, local.environments[:1], local.launcher, limits, records=False)) as table:
        for seat in range(arena.seats):
            table.join(*random_package(arena), seed=number * arena.seats + seat)
        result = table.play_episode(EpisodeSpec(seed=number, seating=tuple(range(arena.seats))))
    if any(seat.outcome.is_forfeit for seat in result.seats):
        raise MatchError(f"A measured agent failed: {result.seats}")
    return result.turns


def fresh_seed(seat: int, number: int) -> int:
    """Return the seed of an agent that joined a table of its own, in its first episode."""
    return episode_seed(number * 2 + seat, 1)


CONNECT_FOUR: Final = Workload(
    "connect-four",
    "plies/s",
    "Two random agents play connect four, one game after the other; bare is PettingZoo's own env() loop.",
    _one_after_the_other,
)
LOCKSTEP: Final = Workload(
    "connect-four-lockstep",
    "plies/s",
    "The same with sixteen games side by side, an agent object a game; act_batch answers all in one call.",
    _side_by_side,
)
FRESH: Final = Workload(
    "connect-four-fresh",
    "matches/s",
    "Both agents in a process that is started and ended for each match of one game.",
    _in_fresh_processes,
)
