"""The bare loops: the same games with the same agents in this process, as a library's user plays them."""

import importlib
import importlib.util
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeAlias

import gymnasium
import pettingzoo

from arenas.adapters import open_arena
from arenas.spec import ArenaSpec
from workers.protocol import Start
from workers.seating import episode_seed
from workers.start import StartView, view

Agent: TypeAlias = Any  # Any: an agent is plain Python, without our types.
Environment: TypeAlias = Any  # Any: an object of a third-party library.
AgentSeed: TypeAlias = Callable[[int, int], int]

_SEEDED: Final = 2048
"""Games with seeds of their own, drawn outside the clock; then they begin again."""


class BareGames:
    """The agents of bare games: those of a `Table`, with the same seeds.

    Args:
        arena: what is played.
        agents: one a seat.
        agent_seed: of a seat's agent in game 1, 2, ...
    """

    def __init__(
        self, arena: ArenaSpec, agents: Sequence[Agent], agent_seed: AgentSeed = episode_seed
    ) -> None:
        self.number = 0
        """The game that is played, from 1; it is also the environment's seed."""
        self.agents = list(agents)
        self._starts = _starts_of(arena)
        self._seeds = [
            [agent_seed(seat, number + 1) for seat in range(arena.seats)] for number in range(_SEEDED)
        ]

    def begin(self) -> list[Agent]:
        """Tell all agents that the next game begins, and return them."""
        seeds = self._seeds[self.number % _SEEDED]
        self.number += 1
        for agent, start, seed in zip(self.agents, self._starts, seeds, strict=True):
            if hasattr(agent, "reset"):
                agent.reset(replace(start, seed=seed))
        return self.agents


def _starts_of(arena: ArenaSpec) -> list[StartView]:
    adapter = open_arena(arena)
    try:
        return [
            view(
                Start(
                    arena=arena.id,
                    seat=seat,
                    role=arena.role_of(seat),
                    seats=arena.seats,
                    observation_schema=adapter.observation_schemas[seat],
                    action_schema=adapter.action_schemas[seat],
                )
            )
            for seat in range(arena.seats)
        ]
    finally:
        adapter.close()


def agent_class(path: Path) -> Agent:
    """Return the class `Agent` of a file, as the sandbox loads it."""
    spec = importlib.util.spec_from_file_location(f"benched_{path.stem}", path)
    assert spec is not None  # A path that ends in .py always has a loader.
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Agent


def make_environment(arena: ArenaSpec) -> Environment:
    """Make an arena's environment with all wrappers of its library, as its documentation says."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if arena.kind == "gymnasium":
            arguments: Mapping[str, Any] = arena.arguments  # Any: what each environment takes.
            return gymnasium.make(arena.environment, **arguments)
        namespace, _, name = arena.environment.partition("/")
        if namespace not in ("classic", "sisl", "butterfly"):
            module = importlib.import_module(f"{namespace}.{name.replace('-', '_')}")
            return module.parallel_env(**arena.arguments)
        return pettingzoo.make(arena.kind, arena.environment, **arena.arguments)


def loop(arena: ArenaSpec, environment: Environment, games: BareGames) -> Callable[[], int]:
    """Return a function that plays one game and returns its turns."""
    loops = {"aec": _aec_loop, "parallel": _parallel_loop, "gymnasium": _gymnasium_loop}
    return loops[arena.kind](environment, games)


def _aec_loop(environment: Environment, games: BareGames) -> Callable[[], int]:
    seats = {name: seat for seat, name in enumerate(environment.possible_agents)}

    def play() -> int:
        agents = games.begin()
        environment.reset(seed=games.number)
        turns = 0
        for name in environment.agent_iter():
            observation, _, terminated, truncated, _ = environment.last()
            if terminated or truncated:
                environment.step(None)
                continue
            environment.step(agents[seats[name]].act(observation))
            turns += 1
        return turns

    return play


def _parallel_loop(environment: Environment, games: BareGames) -> Callable[[], int]:
    seats = {name: seat for seat, name in enumerate(environment.possible_agents)}

    def play() -> int:
        agents = games.begin()
        observations, _ = environment.reset(seed=games.number)
        turns = 0
        while environment.agents:
            actions = {name: agents[seats[name]].act(observations[name]) for name in environment.agents}
            observations, _, _, _, _ = environment.step(actions)
            turns += 1
        return turns

    return play


def _gymnasium_loop(environment: Environment, games: BareGames) -> Callable[[], int]:
    def play() -> int:
        (agent,) = games.begin()
        observation, _ = environment.reset(seed=games.number)
        for turns in count(1):
            observation, _, terminated, truncated, _ = environment.step(agent.act(observation))
            if terminated or truncated:
                return turns
        raise AssertionError("unreachable")

    return play
