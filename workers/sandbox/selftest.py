"""Prove on this host that the walls hold: a canary agent tries each way out and must fail."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from arenas.codec import Text, compile_codec
from arenas.spec import MIB, Limits
from workers.errors import IsolationError
from workers.protocol import Start
from workers.sandbox.launcher import ENVIRONMENT, Launcher
from workers.sandbox.policy import SCRATCH_INODES
from workers.seat import Seat, SeatFault
from workers.spec import Isolation

CANARY_SOURCE: Final = b"from workers.sandbox.probes import Agent\n"
_LIMITS: Final = Limits(step_seconds=10.0, memory_bytes=128 * MIB, scratch_bytes=4 * MIB)
_TEXT: Final = Text(max_length=16_000)
_ABSENT: Final = ("ENOENT",)
_SHUT: Final = ("EACCES",)
_REFUSED: Final = ("EPERM",)

_FILES: Final = ("read_account_file", "read_platform_file", "list_processes", "read_platform_environment")
_WRITES: Final = ("write_library", "write_own_package")
_THREADS_OF_OTHERS: Final = 200
"""At level 1 the kernel counts threads by user, and others' may end while the canary runs."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What one probe got, and what it had to get."""

    name: str
    ok: bool
    expected: str
    got: str


def expected_of(name: str, level: Isolation) -> tuple[str, ...]:
    """Return the answers a probe may get at a level; all others mean a hole."""
    is_apart = level >= Isolation.NAMESPACES
    special: dict[str, tuple[str, ...]] = {
        **dict.fromkeys((*_FILES, "open_platform_memory"), _ABSENT if is_apart else _SHUT),
        **dict.fromkeys(_WRITES, (*_SHUT, "EROFS")),
        # Landlock has no word on looking a path up: at level 1 its existence, size and times can be seen.
        "see_platform_file": _ABSENT if is_apart else ("OPEN", *_ABSENT, *_SHUT),
        "open_descriptors": ("0 1 2 3",),
        "environment": (" ".join(sorted(ENVIRONMENT)),),
        "other_cores": ("unchanged",),
        "too_much_memory": ("MemoryError",),
        "threads": ("limited",),
        "fill_scratch": ("ENOSPC",) if is_apart else _SHUT,
        "fill_scratch_with_files": ("ENOSPC",) if is_apart else _SHUT,
    }
    if not is_apart:
        special["read_account_file"] = (*_SHUT, *_ABSENT)  # A bare image has none.
    if level >= Isolation.CONTAINER:
        # A container has a /proc, but shows only itself in it; Landlock shuts even that, where there is one.
        special["list_processes"] = (*_SHUT, "OPEN") if level == Isolation.VIRTUAL_MACHINE else _SHUT
    if level == Isolation.VIRTUAL_MACHINE:
        # gVisor has no Landlock: an agent may spoil its own copy of its package, which goes with it. Nor has
        # it a limit of files: they are the memory of the sandbox, which has one.
        special["write_own_package"] = (*_SHUT, "OPEN")
        special["fill_scratch_with_files"] = ("ENOSPC", f"OPEN {SCRATCH_INODES + 1} files")
    return special.get(name, _REFUSED)


def run_selftest(launcher: Launcher) -> tuple[Probe, ...]:
    """Run the canary in a fresh jail and compare what it got.

    Raises:
        IsolationError: the canary could not even be run.
    """
    with tempfile.NamedTemporaryFile(prefix="coliseum-canary-") as canary:
        os.fchmod(canary.fileno(), 0o644)
        got = ask_canary(launcher, questions(launcher.isolation, canary.name, os.getpid()))
    probes = []
    for name, answer in got.items():
        allowed = expected_of(name, launcher.isolation)
        probes.append(Probe(name, answer in allowed, " or ".join(allowed), answer))
    return tuple(probes)


def questions(level: Isolation, canary: str, pid: int) -> dict[str, str | int]:
    """Return the arguments of the canary's probes: whom to reach for, and how much to ask for.

    Args:
        level: where it runs.
        canary: a file of the platform.
        pid: a process of the platform, or of another agent.
    """
    return {
        "canary": canary,
        "pid": pid,
        "memory_bytes": _LIMITS.memory_bytes + 64 * MIB,
        "scratch_bytes": _LIMITS.scratch_bytes,
        "scratch_files": SCRATCH_INODES,
        "threads": _LIMITS.threads + (0 if level >= Isolation.NAMESPACES else _THREADS_OF_OTHERS),
    }


def ask_canary(launcher: Launcher, asked: Mapping[str, str | int]) -> dict[str, str]:
    """Run the canary agent once and return its answer.

    Raises:
        IsolationError: the canary did not answer.
    """
    codec = compile_codec(_TEXT)
    seat = Seat(launcher, _LIMITS)
    try:
        seat.load(CANARY_SOURCE, "agent.py")
        seat.reset(Start("selftest", 0, 1, _TEXT, _TEXT))
        answer = codec.decode(seat.act(codec.encode(json.dumps(asked))))
        return msgspec.json.decode(str(answer), type=dict[str, str])
    except SeatFault as fault:
        raise IsolationError(f"The sandbox's canary could not be run: {fault.message}") from fault
    finally:
        seat.close()
