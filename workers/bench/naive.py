"""What a user would write to keep agents apart: a process each, a pipe and pickle, no sandbox."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from arenas.spec import ArenaSpec
from workers.bench.bare import Agent, BareGames, agent_class, loop, make_environment


class RemoteAgent:
    """An agent in another process, asked through a pipe."""

    def __init__(self, pipe: "Connection[Any, Any]") -> None:
        self._pipe = pipe

    def reset(self, start: object) -> None:
        """Send the start of a game."""
        self._pipe.send(("reset", start))

    def act(self, observation: object) -> object:
        """Send an observation and wait for the action."""
        self._pipe.send(("act", observation))
        return self._pipe.recv()


def serve(pipe: "Connection[Any, Any]", path: Path) -> None:
    """Answer as the agent of a file until the pipe closes; the whole life of a process."""
    agent: Agent = agent_class(path)()
    while True:
        try:
            call, argument = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        if call == "reset":
            agent.reset(argument)
        else:
            pipe.send(agent.act(argument))


@contextmanager
def naive_loop(arena: ArenaSpec, path: Path) -> Iterator[Callable[[], int]]:
    """Yield a function that plays one game with an unsandboxed process a seat and returns its turns."""
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    environment = make_environment(arena)
    try:
        for _ in range(arena.seats):
            ours, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs, path), daemon=True)
            process.start()
            theirs.close()
            pipes.append(ours)
            processes.append(process)
        yield loop(arena, environment, BareGames(arena, [RemoteAgent(pipe) for pipe in pipes]))
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.join(5)
            process.kill()
        environment.close()
