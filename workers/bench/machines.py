"""Processes as a whole: two referees on two cores, the command line from its start, the memory of a match."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from arenas import registry
from workers.bench.boards import BOARD
from workers.bench.goals import BARE, SANDBOXED
from workers.bench.jobs import Job, job_of
from workers.bench.measuring import Gauge, Options, Variant, Workload
from workers.referee_process import SOURCE, RefereeProcess
from workers.refusals import RefusedError
from workers.spec import Isolation

_GAMES: Final = 64
"""Of one match: as much work as a task of the queue holds."""
_LOOK_SECONDS: Final = 0.02
_COMMAND: Final = "import sys; sys.path.insert(0, sys.argv.pop(1)); from workers.cli import main; main()"
_BARE_PROGRAM: Final = """
import importlib.util, sys
import numpy as np
from pettingzoo.classic import connect_four_v3
from types import SimpleNamespace

def agent_of(path, seed):
    spec = importlib.util.spec_from_file_location("agent", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Agent(), seed

environment = connect_four_v3.env()
loaded = [agent_of(path, seed) for seed, path in enumerate(sys.argv[1:3])]
for seating in ((0, 1), (1, 0)):
    agents = [loaded[member] for member in seating]
    for seat, (agent, seed) in enumerate(agents):
        agent.reset(SimpleNamespace(seed=seed, seat=seat, action_space=None))
    environment.reset(seed=0)
    for name in environment.agent_iter():
        observation, _, terminated, truncated, _ = environment.last()
        over = terminated or truncated
        environment.step(None if over else agents[int(name[-1])][0].act(observation))
print("played")
if sys.argv[3:]:
    with open("/proc/self/smaps_rollup") as lines:
        print(next(line.split()[1] for line in lines if line.startswith("Pss:")))
"""


def open_referee(cpu: int) -> RefereeProcess:
    """Start a referee as a worker does, on one core."""
    return RefereeProcess(minimum=Isolation.LANDLOCK_SECCOMP, cpu=cpu)


def _turns_in(referee: RefereeProcess, job: Job, seconds: float) -> float:
    """Return turns a second of matches played whole."""
    turns = 0
    started = time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds or not turns:
        turns += job.play(referee)
    return turns / elapsed


@contextmanager
def _workers(_options: Options) -> Iterator[Sequence[Variant]]:
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise RefusedError("cli.cannot_play", problem="Two workers need two cores, here is one.")
    with ExitStack() as opened:
        referees = [opened.enter_context(open_referee(cpu)) for cpu in cores[:2]]
        job = job_of(registry.get(BOARD), episodes=_GAMES)
        pool = opened.enter_context(ThreadPoolExecutor(2))

        def two(seconds: float) -> float:
            playing = [pool.submit(_turns_in, referee, job, seconds) for referee in referees]
            return sum(each.result() for each in playing)

        def one(seconds: float) -> float:
            """Return the mean of both cores: one of them may be the busier."""
            return sum(_turns_in(referee, job, seconds / 2) for referee in referees) / 2

        yield [Variant(SANDBOXED, two), Variant(BARE, one)]


@contextmanager
def on_one_core() -> Iterator[int]:
    """Bind this process, and with it all that it starts, to one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield max(before)
    finally:
        os.sched_setaffinity(0, before)


def _seconds_of(command: Sequence[str], folder: str) -> Gauge:
    """Return a gauge of how long a program takes from its start to its end, once a round."""

    def gauge(_seconds: float) -> float:
        started = time.perf_counter()
        done = subprocess.run(  # noqa: S603 -- Programs of our own.
            command,
            cwd=folder,
            capture_output=True,
            check=False,
        )
        elapsed = time.perf_counter() - started
        if done.returncode or not done.stdout:
            raise RefusedError("cli.cannot_play", problem=f"A program ended with {done.stderr[-300:]!r}.")
        return elapsed

    return gauge


@contextmanager
def _cold_start(_options: Options) -> Iterator[Sequence[Variant]]:
    with on_one_core(), tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder, name)) for name in ("first.py", "second.py")]
        for file in files:
            Path(file).write_bytes(registry.get(BOARD).baselines[0].path.read_bytes())
        play = [sys.executable, "-c", _COMMAND, str(SOURCE), "play", BOARD, *files, "--json"]
        bare = [sys.executable, "-c", _BARE_PROGRAM, *files]
        yield [
            Variant(SANDBOXED, _seconds_of(play, folder)),
            Variant(BARE, _seconds_of(bare, folder)),
        ]


def proportional_mb(pid: int) -> float:
    """Return the memory of a process, shared pages divided among those that share them; 0 if it is gone.

    Raises:
        RefusedError: `cli.cannot_play`, the kernel does not tell.
    """
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    except OSError as error:
        raise RefusedError(
            "cli.cannot_play", problem=f"The memory of jailed processes cannot be read: {error.strerror}."
        ) from error
    return int(next((line.split()[1] for line in lines if line.startswith("Pss:")), 0)) / 1024


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []  # It has ended meanwhile.


def descendants_of(pid: int) -> list[int]:
    """Return the processes below a process."""
    below = children_of(pid)
    return [*below, *(each for child in below for each in descendants_of(child))]


@contextmanager
def watched_referee() -> Iterator[tuple[RefereeProcess, int]]:
    """Start a referee on one core; yield it and its process id."""
    with on_one_core() as cpu:
        before = set(children_of(os.getpid()))
        with open_referee(cpu) as referee:
            (pid,) = set(children_of(os.getpid())) - before
            yield referee, pid


@contextmanager
def _memory(_options: Options) -> Iterator[Sequence[Variant]]:
    with ExitStack() as opened:
        referee, pid = opened.enter_context(watched_referee())
        pool = opened.enter_context(ThreadPoolExecutor(1))
        job = job_of(registry.get(BOARD), episodes=4 * _GAMES)

        def most(look: Callable[[], float]) -> Gauge:
            def during_a_match(_seconds: float) -> float:
                playing, seen = pool.submit(job.play, referee), [look()]
                while not playing.done():
                    seen.append(look())
                    time.sleep(_LOOK_SECONDS)
                playing.result()
                return max(seen)

            return during_a_match

        def all_of_them() -> float:
            return sum(proportional_mb(each) for each in (pid, *descendants_of(pid)))

        zygote = children_of(pid)[0]
        yield [
            Variant(SANDBOXED, most(all_of_them)),
            Variant(BARE, _bare_memory()),
            Variant("referee", most(lambda: proportional_mb(pid))),
            Variant("zygote", most(lambda: proportional_mb(zygote))),
        ]


def _bare_memory() -> Gauge:
    path = str(registry.get(BOARD).baselines[0].path)

    def gauge(_seconds: float) -> float:
        done = subprocess.run(  # noqa: S603 -- A program of our own.
            [sys.executable, "-c", _BARE_PROGRAM, path, path, "memory"],
            capture_output=True,
            check=True,
            text=True,
        )
        return int(done.stdout.split()[-1]) / 1024

    return gauge


WORKERS: Final = Workload(
    "workers",
    "turns/s",
    "Two referee processes on two cores, each plays matches of 64 games with fresh agents; bare is one of "
    "them alone.",
    _workers,
)
COLD_START: Final = Workload(
    "cold-start",
    "s",
    "`coliseum play` of two agent files as a new process; bare is a new Python that plays the same match "
    "with PettingZoo. Seconds: less is better.",
    _cold_start,
)
MEMORY: Final = Workload(
    "memory",
    "MB",
    "The most memory (PSS) of a worker while it plays connect four: referee, zygote, two agents and the two "
    "spare jails; bare is one Python that plays it with PettingZoo. Less is better.",
    _memory,
)
