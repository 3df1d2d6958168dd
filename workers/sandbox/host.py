"""What this host offers for holding agents, found by trying it, and what would bring it further."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import msgspec

from workers.errors import IsolationError
from workers.sandbox import landlock, open_launcher
from workers.sandbox.contained import SandboxSettings
from workers.sandbox.daemon import known_runtimes
from workers.spec import Isolation


class LevelReport(msgspec.Struct, frozen=True):
    """Whether agents can be held at one level here."""

    level: Isolation
    label: str
    offered: bool
    how: str
    """`proved` where a whole jail was built; else who says so, or what stands in the way."""


class HostReport(msgspec.Struct, frozen=True):
    """What this host offers."""

    kernel: str
    machine: str
    landlock: int
    """Version of Landlock, 0 where there is none."""
    user_namespaces: bool
    level: Isolation
    """The strongest without a container runtime."""
    levels: tuple[LevelReport, ...]
    cgroups: str
    """Control groups in use as the second wall: `cgroup1`, `cgroup2` or `none`."""
    enforced_by: dict[str, str]
    """For each limit, what keeps it."""
    second_wall: dict[str, str]
    """For each limit that has one, what holds where the first wall fails."""
    remedies: tuple[str, ...]
    """A sentence for each thing that is missing."""


def describe_host() -> HostReport:
    """Say what this host offers for holding agents, by trying it."""
    second_wall: dict[str, str] = {}
    levels = []
    for level in (Isolation.LANDLOCK_SECCOMP, Isolation.NAMESPACES):
        try:
            with open_launcher(minimum=level, level=level, preload=(), pool_size=1) as launcher:
                second_wall = launcher.group.enforced_by
            levels.append(LevelReport(level, level.label, True, "proved"))
        except IsolationError as error:
            levels.append(LevelReport(level, level.label, False, str(error)))
    offered = max((report.level for report in levels if report.offered), default=Isolation.NONE)
    version, can_unshare = landlock.abi(), has_user_namespaces()
    return HostReport(
        kernel=platform.release(),
        machine=platform.machine(),
        landlock=version,
        user_namespaces=can_unshare,
        level=offered,
        levels=(*levels, *_container_levels()),
        cgroups="+".join(sorted(set(second_wall.values()))) or "none",
        enforced_by=_enforcement(offered),
        second_wall=second_wall,
        remedies=remedies(offered, version, can_unshare),
    )


def _container_levels() -> list[LevelReport]:
    """Ask the container daemon, without starting anything."""
    reports = []
    for level in (Isolation.CONTAINER, Isolation.VIRTUAL_MACHINE):
        try:
            settings = SandboxSettings.of(os.environ)
            runtime, there = settings.runtime_of(level), settings.docker_host
            offered = runtime in known_runtimes(there)
            how = f"the daemon at {there} {'offers' if offered else 'does not know'} the runtime {runtime}"
        except IsolationError as error:
            offered, how = False, str(error)
        except OSError as error:
            offered, how = False, f"no container daemon at {there}: {error.strerror or error}"
        reports.append(LevelReport(level, level.label, offered, how))
    return reports


def has_user_namespaces() -> bool:
    """Try to make one in a process of its own; this alone does not yet make level 2 possible."""
    program = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x10000000) != 0)"
    command = [sys.executable, "-I", "-S", "-c", program]
    return subprocess.run(command, check=False, timeout=30).returncode == 0  # noqa: S603 -- Our own program.


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


def remedies(level: Isolation, landlock_version: int, can_unshare: bool) -> tuple[str, ...]:
    """Say what would bring this host to level 2 with all its walls: one sentence for each thing missing.

    Args:
        level: what the host offers.
        landlock_version: 0 where the kernel has none.
        can_unshare: whether a bare user namespace can be made.
    """
    said = []
    if level < Isolation.NAMESPACES:
        said += [sentence for is_it, sentence in _obstacles(can_unshare) if is_it]
    if landlock_version == 0:
        said.append(
            "Landlock is missing: use a kernel from 5.13 on and add landlock to the boot parameter lsm=."
        )
    elif landlock_version < 6:
        said.append(
            f"Landlock has version {landlock_version}: from kernel 6.12 on (version 6) it also keeps agents "
            "from signalling and connecting to others; the system call filter alone refuses both meanwhile."
        )
    return tuple(said)


def _obstacles(can_unshare: bool) -> list[tuple[bool, str]]:
    """Pair what can stand in the way of user namespaces with what removes it."""
    known = [
        (
            _setting("user/max_user_namespaces") == "0",
            "User namespaces are used up: sysctl user.max_user_namespaces=15000.",
        ),
        (
            _setting("kernel/unprivileged_userns_clone") == "0",
            "Ordinary users may not make user namespaces: sysctl kernel.unprivileged_userns_clone=1.",
        ),
        (
            _setting("kernel/apparmor_restrict_unprivileged_userns") == "1",
            "AppArmor takes all rights from user namespaces of ordinary users (Ubuntu 23.10 and later): "
            "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile with `userns,` "
            "for this Python, or run the worker as root.",
        ),
    ]
    if not any(is_it for is_it, _ in known):
        known += [
            (
                _is_in_container() and not can_unshare,
                "The container's system call filter refuses user namespaces: start the worker with the "
                "seccomp profile that compose.yaml names and with apparmor=unconfined, or use level 3.",
            ),
            (
                not _is_in_container() or can_unshare,
                "No known setting explains what was refused: see the level's reason.",
            ),
        ]
    return known


def _setting(name: str) -> str:
    """Return a kernel setting, empty where the kernel does not have it."""
    try:
        return Path("/proc/sys", name).read_text().strip()
    except OSError:
        return ""


def _is_in_container() -> bool:
    """Say whether a container's mark is there; Docker, Podman and Kubernetes leave one of these."""
    marks = (Path("/.dockerenv"), Path("/run/.containerenv"))
    return any(mark.exists() for mark in marks) or "KUBERNETES_SERVICE_HOST" in os.environ
