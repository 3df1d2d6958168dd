"""The program that plays matches: reads jobs from its input, writes results, holds no secret.

How it works. It is started by `RefereeProcess` with an empty environment, opens its launcher (and with it
the zygote), proves the isolation, confines itself, says hello, and then plays one job after the other.
Everything hostile that reaches the platform (agents' frames) is read here, away from the queue's password and
the database, by a process that can open nothing but code. If its zygote is lost it ends without an answer:
it may start no other, and its parent starts a fresh referee.
"""

import argparse
import ctypes
import importlib.util
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import msgspec

from arenas import registry, shelves
from arenas.errors import ArenaError
from arenas.spec import ArenaSpec, Limits
from workers.environments import Environments
from workers.errors import IsolationError, MatchError, WireVersionError
from workers.match import Table
from workers.referee_process import (
    SOURCE,
    Hello,
    Job,
    ProbeReport,
    UnreadableError,
    read_message,
    write_frame,
)
from workers.sandbox import Launcher, open_launcher
from workers.sandbox.confine import confine
from workers.sandbox.policy import readable_folders
from workers.sandbox.selftest import run_selftest
from workers.spec import WIRE_VERSION, Isolation, MatchKind, MatchResult, MatchSpec
from workers.speed import measured_speed
from workers.validation import Candidate, Ladder

_PR_SET_PDEATHSIG = 1
_VERSIONED = ("coliseum-rl", "pettingzoo", "gymnasium", "mpe2", "box2d", "numpy", "onnxruntime")


class Referee:
    """Plays matches with one launcher; keeps opened environments for the next match.

    Args:
        launcher: starts the jailed agent processes.
    """

    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher
        self._environments: dict[str, Environments] = {}

    def play(self, spec: MatchSpec, packages: dict[str, bytes]) -> MatchResult:
        """Play one match; a fault of ours comes back as a result with `error`."""
        started = time.monotonic()
        base = MatchResult(
            match=spec.match,
            token=spec.token,
            worker=f"{os.uname().nodename}:{os.getppid()}",
            isolation=self._launcher.isolation,
            versions=versions(),
        )
        try:
            arena = registry.get(spec.arena)
            try:
                result = self._play(arena, spec, packages, base)
            except (ArenaError, MatchError):
                self._forget(arena.id)
                raise
        except (ArenaError, MatchError) as error:
            result = msgspec.structs.replace(base, error=str(error) or type(error).__name__)
        return msgspec.structs.replace(result, seconds=time.monotonic() - started)

    def _play(
        self, arena: ArenaSpec, spec: MatchSpec, packages: dict[str, bytes], base: MatchResult
    ) -> MatchResult:
        limits = limits_of(arena, spec)
        _check_job(arena, spec, packages)
        environments = self._environments_of(arena)
        if spec.kind is MatchKind.VALIDATION:
            ref = spec.lineup[0]
            ladder = Ladder(arena, environments, self._launcher, limits)
            own_seed = spec.agent_seeds[0] if spec.agent_seeds else 0
            found = ladder.climb(Candidate(packages[ref.digest], ref.file_name, spec.seed, own_seed))
            return msgspec.structs.replace(
                base, checks=found.checks, episodes=found.episodes, usage=(found.usage,)
            )
        table = Table(arena, environments, self._launcher, limits, records=spec.records)
        try:
            for position, ref in enumerate(spec.lineup):
                seed = spec.agent_seeds[position] if spec.agent_seeds else position
                copies = max(episode.seating.count(position) for episode in spec.episodes)
                table.join(packages[ref.digest], ref.file_name, seed=seed, copies=copies)
            episodes = tuple(table.play_episodes(spec.episodes))
        finally:
            usage = table.close()
        return msgspec.structs.replace(base, episodes=episodes, usage=usage)

    def _environments_of(self, arena: ArenaSpec) -> Environments:
        if arena.id not in self._environments:
            self._environments[arena.id] = Environments(arena)
        return self._environments[arena.id]

    def _forget(self, arena: str) -> None:
        """Drop environments of which one may be broken."""
        environments = self._environments.pop(arena, None)
        if environments is not None:
            environments.close()


def _check_job(arena: ArenaSpec, spec: MatchSpec, packages: dict[str, bytes]) -> None:
    """Refuse a job that cannot be played, before anything is started.

    Raises:
        MatchError: it lacks a package, or its seatings are not those of the arena.
    """
    if spec.version != WIRE_VERSION:
        raise WireVersionError(f"The match speaks version {spec.version}, this worker {WIRE_VERSION}.")
    lacking = [ref.digest[:12] for ref in spec.lineup if ref.digest not in packages]
    if lacking:
        raise MatchError(f"The job came without the package {', '.join(lacking)}.")
    members = range(len(spec.lineup))
    if spec.kind is MatchKind.VALIDATION:
        is_fine = len(members) == 1
    else:
        is_fine = bool(spec.episodes) and all(
            len(episode.seating) == arena.seats and set(episode.seating) <= set(members)
            for episode in spec.episodes
        )
    if not is_fine or (spec.agent_seeds and len(spec.agent_seeds) != len(members)):
        raise MatchError(f"The job is no match of {arena.id}.")


def limits_of(arena: ArenaSpec, spec: MatchSpec) -> Limits:
    """Return the arena's limits with what the match changes."""
    changed = msgspec.structs.asdict(spec.limits)
    return Limits(
        **changed,
        package_bytes=arena.limits.package_bytes,
        unpacked_bytes=arena.limits.unpacked_bytes,
    )


@cache
def versions() -> dict[str, str]:
    """Return the versions a result depends on: packages, Python, machine. Read once a process."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
    for name in _VERSIONED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def serve_matches(launcher: Launcher, answers: int) -> None:
    """Play the jobs that come in until standard input closes."""
    referee = Referee(launcher)
    while True:
        try:
            job = read_message(0, Job)
        except EOFError:
            return
        except UnreadableError as error:
            sys.exit(f"The job cannot be read: {error}.")
        result = referee.play(job.spec, job.packages)
        if not launcher.is_alive:
            sys.exit(f"The zygote is lost: {result.error}")
        write_frame(answers, result)


def main(serve: Callable[[Launcher, int], None] = serve_matches) -> None:
    """Get ready, confine this process, and serve what comes in on standard input until it closes."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    options = _arguments()
    # Results go out on the original standard output; what an environment prints goes to standard error.
    answers = os.dup(1)
    os.dup2(2, 1)
    if options.cpu is not None:
        os.sched_setaffinity(0, {options.cpu})
    try:
        launcher = open_launcher(minimum=Isolation(options.minimum), cpu=options.cpu)
    except IsolationError as error:
        write_frame(answers, Hello(refusal=str(error)))
        return
    with launcher:
        hello = _hello(launcher, selftest=options.selftest)
        missing = confine(code_places())
        hello = msgspec.structs.replace(hello, confined=not missing, confinement=missing)
        write_frame(answers, hello)
        if not hello.refusal:
            serve(launcher, answers)


def _hello(launcher: Launcher, *, selftest: bool) -> Hello:
    probes = tuple(
        ProbeReport(name=probe.name, ok=probe.ok, expected=probe.expected, got=probe.got)
        for probe in (run_selftest(launcher) if selftest else ())
    )
    broken = [probe.name for probe in probes if not probe.ok]
    refusal = f"The self-test of the sandbox failed: {', '.join(broken)}." if broken else ""
    # Measured once a worker, with its self-test; later referees of it need not spend the time again.
    speed = measured_speed() if selftest else 1.0
    return Hello(isolation=launcher.isolation, speed=speed, probes=probes, refusal=refusal)


def code_places() -> set[str]:
    """Return the files and folders this process reads code from: Python, libraries, ours, the arenas'."""
    places = set(readable_folders(str(SOURCE)))
    # The shelf whole: arenas may be added to it while this process plays.
    places |= {str(shelf)} if os.access(shelf := shelves.shelf(), os.R_OK | os.X_OK) else set()
    for arena in map(registry.get, registry.names()):
        places |= {str(baseline.path) for baseline in arena.baselines}
        places |= {str(arena.folder)} if arena.folder else set()
        places |= _module_places(arena.environment)
    return places


def _module_places(environment: str) -> set[str]:
    """Return where the package of an environment is, which may be installed from a folder of its own."""
    module = environment.partition(":")[0] if ":" in environment else environment.rpartition("/")[0]
    try:
        found = importlib.util.find_spec(module.partition(".")[0]) if module else None
    except (ImportError, ValueError):
        return set()
    if found is None:
        return set()
    return set(found.submodule_search_locations or ([found.origin] if found.origin else []))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="referee")
    parser.add_argument("--minimum", type=int, required=True)
    parser.add_argument("--cpu", type=int)
    parser.add_argument("--selftest", action="store_true")
    return parser.parse_args(sys.argv[1:])
