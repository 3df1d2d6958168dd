"""Plays agents in this process, without sandbox or clock: for tests and for the figures in the READMEs.

Run: python -m tests.arenas.games.harness connect_four-v3 network heuristic --episodes 400
"""

import argparse
import importlib
import importlib.util
import pkgutil
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

import arenas.games
from arenas.adapters import Adapter, open_arena
from arenas.extras import is_installed
from arenas.recorders import Recorder
from arenas.spec import ArenaSpec


def all_specs() -> list[ArenaSpec]:
    """Return the specs of all arenas that come with the project and are installed here."""
    folders = [module.name for module in pkgutil.iter_modules(arenas.games.__path__) if module.ispkg]
    known = [spec for name in folders for spec in importlib.import_module(f"arenas.games.{name}").SPECS]
    return [spec for spec in known if is_installed(spec)]


def spec_named(arena: str) -> ArenaSpec:
    """Return the spec with this id."""
    return next(spec for spec in all_specs() if spec.id == arena)


def load(path: Path) -> ModuleType:
    """Import an agent from its file or folder, anew each time, as its sandbox would."""
    file = path / "agent.py" if path.is_dir() else path
    found = importlib.util.spec_from_file_location(f"agent_{file.parent.name}_{file.stem}", file)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def new_agent(module: ModuleType) -> Any:
    """Return an agent, wrapping the plain function form."""
    return module.Agent() if hasattr(module, "Agent") else SimpleNamespace(act=module.agent)


def baseline(spec: ArenaSpec, name: str) -> ModuleType:
    """Return the loaded baseline with this name."""
    return load(next(known.path for known in spec.baselines if known.name == name))


def play(
    adapter: Adapter, modules: list[ModuleType], seed: int, recorder: Recorder | None = None
) -> list[float]:
    """Play one episode, one module a seat, and return what each seat earned."""
    spec = adapter.spec
    adapter.reset(seed)
    agents = [new_agent(module) for module in modules]
    for seat, agent in enumerate(agents):
        if hasattr(agent, "reset"):
            agent.reset(start_of(adapter, seat, seed))
    if recorder:
        recorder.start(adapter)
    while not adapter.is_over:
        asked = adapter.asked()
        actions = {}
        for seat in asked:
            actions[seat.seat] = agents[seat.seat].act(seat.observation)
            if seat.mask is not None:
                assert seat.mask[actions[seat.seat]], f"{spec.id}: illegal action"
        adapter.step(actions)
        if recorder:
            recorder.turn(adapter, -1 if spec.kind == "parallel" else asked[0].seat)
    return list(adapter.rewards)


def start_of(adapter: Adapter, seat: int, seed: int) -> SimpleNamespace:
    """Return what an agent is told before an episode."""
    schema = adapter.action_schemas[seat]
    space = SimpleNamespace(
        kind=type(schema).__name__.lower(),
        n=getattr(schema, "n", None),
        sample=lambda rng: adapter.random_action(seat, rng),
    )
    return SimpleNamespace(
        arena=adapter.spec.id,
        seat=seat,
        role=adapter.spec.role_of(seat),
        seats=adapter.spec.seats,
        seed=seed * 31 + seat,
        observation_space=None,
        action_space=space,
    )


def earnings(
    spec: ArenaSpec, first: ModuleType, others: ModuleType, episodes: int, seed: int = 0
) -> list[float]:
    """Return what `first` earned in each episode, its seat going round; `others` take the other seats."""
    adapter = open_arena(spec)
    earned = []
    for episode in range(episodes):
        seat = episode % spec.seats
        modules = [first if s == seat else others for s in range(spec.seats)]
        # An agent among its own kind would only repeat itself if the seed stayed while the seat goes round.
        number = episode if first is others else episode // spec.seats
        earned.append(play(adapter, modules, seed + number)[seat])
    return earned


def interval(values: list[float]) -> str:
    """Return mean and half width of the 95 % interval."""
    numbers = np.array(values)
    return f"{numbers.mean():.3f} +- {1.96 * numbers.std(ddof=1) / len(numbers) ** 0.5:.3f}"


def main() -> None:
    """Print what an agent earns among others of another kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("arena")
    parser.add_argument("first")
    parser.add_argument("others", nargs="?", help="who takes the other seats; the same agent if left out")
    parser.add_argument("--episodes", type=int, default=100)
    arguments = parser.parse_args()
    spec = spec_named(arguments.arena)
    first = baseline(spec, arguments.first)
    others = baseline(spec, arguments.others) if arguments.others else first
    begin = time.perf_counter()
    earned = earnings(spec, first, others, arguments.episodes)
    scores = [0.5 + 0.5 * float(np.sign(value)) for value in earned]
    print(
        f"{spec.id} {arguments.first} among {arguments.others or arguments.first}: {interval(earned)}", end=""
    )
    print(f", score {interval(scores)}" if spec.objective == "outcome" else "", end="")
    print(f" ({len(earned)} episodes, {time.perf_counter() - begin:.1f} s)")


if __name__ == "__main__":
    main()
