"""What a jail allows: the numbers of one agent and the host folders it may read."""

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from arenas.spec import MIB, Limits
from workers.spec import Isolation

DEVICES: Final = ("/dev/null", "/dev/urandom", "/dev/random")
LINKS: Final = ("/lib", "/lib64")
"""Where the program loader is looked for; real folders on some hosts, links into /usr on most."""
JAIL_PACKAGE: Final = "/agent"
JAIL_SCRATCH: Final = "/tmp"  # noqa: S108 -- The agent's own, inside its jail.
INSIDE_ID: Final = 1000
"""User and group id the agent sees at level 2."""
FIRST_OUTSIDE_ID: Final = 300_000
"""A root worker runs each agent as a user id of its own from here on."""
OUTSIDE_IDS: Final = 60_000
OPEN_FILES: Final = 64
STACK_BYTES: Final = 8 * MIB
ADDRESS_RESERVE: Final = 512 * MIB
"""Address space beyond the memory limit: for what libraries reserve and never touch."""
RESIDENT_RESERVE: Final = 64 * MIB
"""What an agent may hold beyond its limit before it is ended: stacks, page tables, pages of libraries."""
SCRATCH_INODES: Final = 2048
PACKAGE_INODES: Final = 8192
MAX_TURNS: Final = 10_000
"""Turns of a long match: what the total of processor seconds is reckoned from."""


class Policy(msgspec.Struct, frozen=True):
    """The limits of one jail, as they go from the launcher to the zygote."""

    memory_bytes: int
    scratch_bytes: int
    unpacked_bytes: int
    threads: int
    cpu_seconds: int

    @classmethod
    def of(cls, limits: Limits) -> "Policy":
        """Derive the jail's numbers from what an agent may use in one match."""
        thinking = limits.step_seconds * MAX_TURNS + limits.bank_seconds
        return cls(
            memory_bytes=max(limits.memory_bytes, MIB),
            scratch_bytes=max(limits.scratch_bytes, 64 * 1024),
            unpacked_bytes=max(limits.unpacked_bytes, MIB),
            threads=max(limits.threads, 1),
            cpu_seconds=int(limits.load_seconds + 1.5 * thinking) + 30,
        )


@dataclass(frozen=True, slots=True)
class Footprint:
    """What the zygote itself has mapped; an agent's limits are counted from here."""

    data_bytes: int
    address_bytes: int
    resident_bytes: int


def measure_footprint() -> Footprint:
    """Read the caller's data segment, address space, and resident memory with its page tables."""
    sizes = read_sizes(os.getpid())
    # gVisor does not tell the size of its page tables.
    return Footprint(sizes["VmData"], sizes["VmSize"], sizes["VmRSS"] + sizes.get("VmPTE", 0))


def read_sizes(pid: int) -> dict[str, int]:
    """Return the memory sizes of a process in bytes, by the kernel's names: VmData, VmSize, VmRSS, VmPTE, ...

    Raises:
        OSError: there is no such process.
    """
    lines = (line.split() for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return {line[0][:-1]: int(line[1]) * 1024 for line in lines if line[0].startswith("Vm")}


def readable_folders(code_root: str) -> tuple[str, ...]:
    """Return the host folders an agent may read: shared libraries, Python, and the runner's own code.

    Args:
        code_root: the folder that holds the packages `arenas` and `workers`.
    """
    wanted = {"/usr/lib", "/usr/lib64", "/usr/local/lib"}
    wanted |= {link for link in LINKS if os.path.isdir(link) and not os.path.islink(link)}
    for prefix in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        wanted.add(os.path.join(os.path.realpath(prefix), "lib"))
        wanted.add(os.path.join(prefix, "lib"))
    wanted |= {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    wanted |= {os.path.join(code_root, package) for package in ("arenas", "workers")}
    found = sorted(folder for folder in wanted if os.path.isdir(folder))
    kept: list[str] = []
    for folder in found:
        if not any(folder.startswith(parent + "/") for parent in kept):
            kept.append(folder)
    return tuple(kept)


class BootRequest(msgspec.Struct, frozen=True):
    """The first message to a zygote."""

    level: Isolation
    code_root: str
    preload: tuple[str, ...]
    cpu: int | None
    launcher_pid: int
    pool_size: int
    policy: Policy
    """Of the agents kept ready until the first start says otherwise."""
    package_root: str
    """Folder for the agents' package folders; empty at level 2, where each has its own file system."""
    host_ids: tuple[int, int] | None = None
    """User and group id of the zygote on the host, once it has namespaces of its own."""


class StartRequest(msgspec.Struct, frozen=True, tag="start"):
    """Ask for a jailed agent process."""

    policy: Policy


class ReapRequest(msgspec.Struct, frozen=True, tag="reap"):
    """Ask to kill an agent process, wait for its end and remove what it left."""

    pid: int


class BeginAnew(msgspec.Struct, frozen=True, tag="anew"):
    """Ask the zygote to execute itself again, as it was booted."""


class Booted(msgspec.Struct, frozen=True):
    """A zygote's answer to its first message."""

    error: str = ""


class Started(msgspec.Struct, frozen=True):
    """Answer to a start; channel, log, process and window descriptors travel with it."""

    pid: int = 0
    error: str = ""


class Reaped(msgspec.Struct, frozen=True):
    """How an agent process ended."""

    status: int = 0
    """As `os.waitstatus_to_exitcode`: exit status, or minus the signal."""
    cpu_seconds: float = 0.0
    peak_memory_bytes: int = 0
    out_of_memory: bool = False
    """The memory limit of its container ended it."""
    error: str = ""
    """Our fault, not the agent's."""
