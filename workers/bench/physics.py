"""Environments that compute more than their agents: walkers, particles, pistons, a lander."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from functools import partial
from typing import Final

from arenas import registry
from workers.bench.bare import BareGames, agent_class, loop, make_environment
from workers.bench.goals import BARE, SANDBOXED
from workers.bench.measuring import Options, Variant, Workload, rate_of
from workers.bench.naive import naive_loop
from workers.bench.sandboxed import SandboxedGames, random_package
from workers.environments import MOST_LANES
from workers.local import LocalArena


@contextmanager
def _turns(name: str, lanes: int, options: Options) -> Iterator[Sequence[Variant]]:
    """Compare random agents in every seat with the library's own loop."""
    arena = registry.get(name)
    package, path = random_package(arena), arena.baselines[0].path
    with ExitStack() as opened:
        local = opened.enter_context(LocalArena.open(arena))
        ours = opened.enter_context(closing(SandboxedGames(local, package)))
        make = agent_class(path)
        environment = opened.enter_context(closing(make_environment(arena)))
        bare = loop(arena, environment, BareGames(arena, [make() for _ in range(arena.seats)]))
        variants = [
            Variant(SANDBOXED, rate_of(ours.play)),
            Variant(BARE, rate_of(bare)),
            Variant("multiprocessing", rate_of(opened.enter_context(naive_loop(arena, path)))),
        ]
        if lanes > 1:
            many = opened.enter_context(closing(SandboxedGames(local, package, lanes=lanes)))
            variants.append(Variant(f"{lanes} lanes", rate_of(many.play)))
        yield variants


def _turns_of(name: str, lanes: int = 1) -> Callable[[Options], AbstractContextManager[Sequence[Variant]]]:
    return partial(_turns, name, lanes)


PHYSICS: Final = (
    Workload(
        "multiwalker",
        "turns/s",
        "Three random walkers (Box2D), all asked in every turn.",
        _turns_of("multiwalker-v9"),
    ),
    Workload(
        "simple-tag",
        "turns/s",
        "Three random predators and a prey (MPE), all asked in every turn.",
        _turns_of("simple_tag-v3"),
    ),
    Workload(
        "pistonball",
        "turns/s",
        "Twenty random pistons, each sees a picture of 164 kB through the shared window.",
        _turns_of("pistonball-v6"),
    ),
    Workload(
        "lunar-lander",
        "turns/s",
        "One random pilot (Box2D); also with sixteen episodes side by side.",
        _turns_of("LunarLander-v3", MOST_LANES),
    ),
)
