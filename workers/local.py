"""Matches on this machine, with the server's own referee: what `coliseum play` and `check` run."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from arenas import registry
from arenas.errors import ArenaError, UnknownArenaError
from arenas.spec import ArenaSpec
from workers.baselines import baseline_package
from workers.environments import Environments
from workers.errors import IsolationError
from workers.match import Table
from workers.refusals import RefusedError, unknown_arena
from workers.sandbox import Launcher, open_launcher
from workers.seating import seatings
from workers.spec import EpisodeResult, EpisodeSpec, Isolation
from workers.staging import read_upload


@dataclass(frozen=True, slots=True)
class LocalAgent:
    """An agent on this machine: a file, a folder, an archive, or a baseline."""

    name: str
    package: bytes
    file_name: str

    @property
    def digest(self) -> str:
        """Return the SHA-256 (hex) the server would know it by."""
        return hashlib.sha256(self.package).hexdigest()


def find_arena(name: str) -> ArenaSpec:
    """Return an arena by its id.

    Raises:
        RefusedError: `arena.unknown`, with what was probably meant.
    """
    try:
        return registry.get(name)
    except UnknownArenaError as error:
        raise unknown_arena(name, error.suggestions) from error


def find_agent(arena: ArenaSpec, name: str) -> LocalAgent:
    """Return the agent a person named: a baseline of the arena, or a path.

    Raises:
        RefusedError: `cli.no_such_file`, `cli.no_agent`, or `archive.too_large_unpacked`.
    """
    path = Path(name)
    if name in {baseline.name for baseline in arena.baselines} and not path.exists():
        return LocalAgent(name, *baseline_package(arena, name))
    content, file_name = read_upload(path)
    label = path.stem if path.stem not in {"agent", "policy", ""} else str(path.resolve())
    stored = "policy.onnx" if file_name.lower().endswith(".onnx") else "agent.py"
    return LocalAgent(label, content, "agent.zip" if content[:2] == b"PK" else stored)


class LocalArena:
    """An opened environment and a launcher, for as many matches as wanted."""

    def __init__(self, arena: ArenaSpec, environments: Environments, launcher: Launcher) -> None:
        self.arena = arena
        self.environments = environments
        self.launcher = launcher

    @classmethod
    @contextmanager
    def open(cls, arena: ArenaSpec, *, unsandboxed: bool = False) -> Iterator[Self]:
        """Open it, pinned with its agents to one core.

        Args:
            arena: what to play.
            unsandboxed: hold agents by nothing at all; only for one's own agent.

        Raises:
            RefusedError: `cli.cannot_play` when the arena or the sandbox is not to be had here.
        """
        # The weakest level will do on one's own machine; what there was is named in the output.
        before = os.sched_getaffinity(0)
        cpu = max(before)
        level = Isolation.NONE if unsandboxed else None
        minimum = Isolation.NONE if unsandboxed else Isolation.LANDLOCK_SECCOMP
        with ExitStack() as opened:
            try:
                launcher = opened.enter_context(open_launcher(minimum=minimum, cpu=cpu, level=level))
                environments = opened.enter_context(closing(Environments(arena)))
            except (IsolationError, ArenaError) as error:
                raise RefusedError("cli.cannot_play", problem=str(error)) from error
            opened.callback(os.sched_setaffinity, 0, before)
            os.sched_setaffinity(0, {cpu})
            yield cls(arena, environments, launcher)

    def play_match(
        self,
        lineup: list[LocalAgent],
        *,
        seed: int,
        records: bool = False,
        on_episode: Callable[[EpisodeResult], None] = lambda _: None,
    ) -> tuple[EpisodeResult, ...]:
        """Play one match: every seating of the arena on the same seeds, in fresh processes.

        Args:
            lineup: as many agents as the arena's line-up has members.
            seed: of the first episode; the others' and the agents' own follow from it.
            records: whether trajectories are drawn.
            on_episode: told of each episode as it ends.

        Raises:
            MatchError: the arena or the sandbox failed.
        """
        places = seatings(self.arena)
        episodes = [
            EpisodeSpec(seed=(seed + number * 7919) % (1 << 31), seating=seating)
            for number in range(self.arena.episodes)
            for seating in places
        ]
        with closing(
            Table(self.arena, self.environments, self.launcher, self.arena.limits, records=records)
        ) as table:
            for position, agent in enumerate(lineup):
                copies = max(seating.count(position) for seating in places)
                table.join(agent.package, agent.file_name, seed=_agent_seed(seed, position), copies=copies)
            return tuple(table.play_episodes(episodes, on_episode))


def _agent_seed(seed: int, position: int) -> int:
    """Return what an agent's own generators are set from; 0 to 2**31 - 1."""
    return int(np.random.SeedSequence([seed, position]).generate_state(1)[0]) >> 1
