"""Prove on this host that the walls hold: a canary agent tries each way out and must fail."""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from arenas.codec import Text, compile_codec
from arenas.spec import MIB, Limits
from workers.errors import IsolationError
from workers.protocol import Start
from workers.sandbox import landlock, open_launcher
from workers.sandbox.launcher import ENVIRONMENT, Launcher
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


@dataclass(frozen=True, slots=True)
class Probe:
    """What one probe got, and what it had to get."""

    name: str
    ok: bool
    expected: str
    got: str


def expected_of(name: str, level: Isolation) -> tuple[str, ...]:
    """Return the answers a probe may get at a level; all others mean a hole."""
    if name in (*_FILES, "open_platform_memory"):
        return _ABSENT if level >= Isolation.NAMESPACES else _SHUT
    if name in _WRITES:
        return (*_SHUT, "EROFS")
    special = {
        "open_descriptors": ("0 1 2 3",),
        "environment": (" ".join(sorted(ENVIRONMENT)),),
        "other_cores": ("unchanged",),
        "too_much_memory": ("MemoryError",),
    }
    return special.get(name, _REFUSED)


def run_selftest(launcher: Launcher) -> tuple[Probe, ...]:
    """Run the canary in a fresh jail and compare what it got.

    Raises:
        IsolationError: the canary could not even be run.
    """
    with tempfile.NamedTemporaryFile(prefix="coliseum-canary-") as canary:
        os.fchmod(canary.fileno(), 0o644)
        asked: dict[str, str | int] = {
            "canary": canary.name,
            "pid": os.getpid(),
            "memory_bytes": _LIMITS.memory_bytes + 64 * MIB,
        }
        got = ask_canary(launcher, asked)
    probes = []
    for name, answer in got.items():
        allowed = expected_of(name, launcher.isolation)
        probes.append(Probe(name, answer in allowed, " or ".join(allowed), answer))
    return tuple(probes)


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


def describe_host() -> dict[str, object]:
    """Say what this host offers for holding agents, by trying it.

    Returns:
        kernel, machine, landlock (version), user_namespaces, level (offered), reasons (why not a stronger
        one), and enforced_by: for each limit what keeps it.
    """
    reasons = []
    offered = Isolation.NONE
    for level in (Isolation.NAMESPACES, Isolation.LANDLOCK_SECCOMP):
        try:
            open_launcher(minimum=level, level=level, preload=(), pool_size=1).close()
        except IsolationError as error:
            reasons.append(str(error))
        else:
            offered = level
            break
    return {
        "kernel": platform.release(),
        "machine": platform.machine(),
        "landlock": landlock.abi(),
        "user_namespaces": _has_user_namespaces(),
        "level": offered,
        "reasons": tuple(reasons),
        "cgroups": _writable_cgroups(),
        "enforced_by": _enforcement(offered),
    }


def _has_user_namespaces() -> bool:
    """Try to make one in a process of its own; this alone does not yet make level 2 possible."""
    program = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000) != 0)"
    command = [sys.executable, "-I", "-S", "-c", program]
    return subprocess.run(command, check=False, timeout=30).returncode == 0  # noqa: S603 -- Our own program.


def _writable_cgroups() -> str:
    """Return which control groups this user could write: cgroup2, cgroup1 or none.

    They are reported only. Every limit below holds without them.
    """
    for name, folder in (("cgroup2", "/sys/fs/cgroup/cgroup.procs"), ("cgroup1", "/sys/fs/cgroup/memory")):
        if Path(folder).exists() and os.access(folder, os.W_OK):
            return name
    return "none"


def _enforcement(level: Isolation) -> dict[str, str]:
    """Name what keeps each limit; the filter and the resource limits close each other's gaps."""
    if level == Isolation.NONE:
        return dict.fromkeys(("memory", "processes", "threads", "processor", "scratch"), "none")
    return {
        "memory": "rlimit",
        "processes": "seccomp",
        "threads": "rlimit",
        "processor": "rlimit",
        "scratch": "tmpfs" if level >= Isolation.NAMESPACES else "landlock",
    }
