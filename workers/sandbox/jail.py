"""Close the calling process in: namespaces, a bare file system, limits, no capabilities, filters.

How it works. At level 2 the agent is born in namespaces of its own, as process 1 of its process namespace.
It builds its root from the zygote's template, moves into it and lets go of the host's. At level 1 the agent
is forked plainly and keeps the host's tree, of which Landlock leaves it the same few folders. Both then take
limits, lose every privilege, and install the system call filter last.
"""

import ctypes
import os
import resource
import signal
import struct
from dataclasses import dataclass
from typing import Final

from workers.sandbox import landlock, seccomp
from workers.sandbox.policy import (
    ADDRESS_RESERVE,
    DEVICES,
    INSIDE_ID,
    JAIL_SCRATCH,
    OPEN_FILES,
    STACK_BYTES,
    Footprint,
    Policy,
)
from workers.sandbox.syscalls import (
    PR_SET_DUMPABLE,
    PR_SET_KEEPCAPS,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    Machine,
    call,
    drop_bounding_set,
    prctl,
)
from workers.spec import Isolation

_CAP_DAC_READ_SEARCH: Final = 2
_CAPABILITY_VERSION_3: Final = 0x20080522
_NICENESS: Final = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """All that is known of a jail before it is built."""

    level: Isolation
    machine: Machine
    landlock_abi: int
    folders: tuple[str, ...]
    package: str
    """Folder the agent's package is unpacked into."""
    policy: Policy
    footprint: Footprint
    outside_id: int | None
    """User and group id on the host; None keeps the zygote's, which then is not root's."""
    processes_beside: int
    """Processes of the same user that RLIMIT_NPROC counts too; 0 where the agent is counted alone."""
    calls: bytes
    """The system call filter where the agent's process id is known beforehand, else empty."""


def take_inside_id(is_privileged: bool) -> None:
    """Become the one user of the new user namespace; the rest of the zygote's rights stays behind."""
    if is_privileged:
        os.setgroups([])
        os.setresgid(INSIDE_ID, INSIDE_ID, INSIDE_ID)
        os.setresuid(INSIDE_ID, INSIDE_ID, INSIDE_ID)


def take_outside_id(outside_id: int, folders: tuple[str, ...]) -> bool:
    """Become an ordinary user of the host (level 1 under a root worker).

    Args:
        outside_id: user and group id.
        folders: what the runner must be able to read; where an ordinary user cannot reach one of them
            (a Python below /root), the right to read files is kept, and Landlock alone says which.

    Returns:
        Whether that right was kept.
    """
    os.setgroups([])
    os.setresgid(outside_id, outside_id, outside_id)
    prctl(PR_SET_KEEPCAPS, 1)
    os.setresuid(outside_id, outside_id, outside_id)
    keeps_reading = not all(os.access(folder, os.R_OK | os.X_OK) for folder in folders)
    if keeps_reading:
        _set_capabilities(1 << _CAP_DAC_READ_SEARCH)
    return keeps_reading


def end_with_parent(parent: int | None) -> None:
    """Have the kernel kill this process when its parent ends.

    Args:
        parent: the parent's id where it can be seen; its absence ends the process at once.
    """
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def take_descriptors(channel: int, log: int, status: int) -> int:
    """Arrange descriptors: 0 null, 1 and 2 the log, 3 the channel; close the rest but the status pipe.

    Returns:
        The status pipe's new number, 4.
    """
    null = os.open("/dev/null", os.O_RDWR)
    # The sources are moved out of the way first, so that no target overwrites one of them.
    sources = [os.dup(fd) for fd in (null, log, log, channel, status)]
    safe = [fd + 100 for fd in range(5)]
    for source, high in zip(sources, safe, strict=True):
        os.dup2(source, high, inheritable=False)
    for target, high in enumerate(safe):
        os.dup2(high, target, inheritable=False)
    call("close_range", 5, 0xFFFFFFFF, 0)
    return 4


def set_limits(cell: Cell) -> None:
    """Set the resource limits, lower and upper bound alike."""
    policy, footprint = cell.policy, cell.footprint
    limits = {
        resource.RLIMIT_DATA: footprint.data_bytes + policy.memory_bytes,
        resource.RLIMIT_AS: footprint.address_bytes + policy.memory_bytes + ADDRESS_RESERVE,
        resource.RLIMIT_STACK: STACK_BYTES,
        resource.RLIMIT_NPROC: policy.threads + cell.processes_beside,
        resource.RLIMIT_FSIZE: max(policy.unpacked_bytes, policy.scratch_bytes),
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 64,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_RTPRIO: 0,
    }
    for which, value in limits.items():
        _, most = resource.getrlimit(which)
        bound = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(which, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CPU, (policy.cpu_seconds, policy.cpu_seconds + 1))
    os.nice(_NICENESS)


def drop_capabilities(*, keeps_reading: bool) -> None:
    """Give up every capability for good.

    Args:
        keeps_reading: keep the one right to read files whatever their mode; see `take_outside_id`.
    """
    drop_bounding_set()
    _set_capabilities(1 << _CAP_DAC_READ_SEARCH if keeps_reading else 0)


def _set_capabilities(kept: int) -> None:
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    call("capset", header, struct.pack("=6I", kept, kept, 0, 0, 0, 0))


def lock_files(cell: Cell) -> None:
    """Leave the agent its few folders.

    Level 2 has a private scratch folder with a size, level 1 nothing at all that can be written, because
    Landlock knows no sizes.
    """
    if cell.landlock_abi == 0 or cell.level == Isolation.NONE:
        return
    rights = dict.fromkeys(cell.folders, landlock.READ)
    rights |= dict.fromkeys(DEVICES, landlock.DEVICE)
    rights["/etc/ld.so.cache"] = landlock.READ
    if cell.level >= Isolation.NAMESPACES:
        rights[JAIL_SCRATCH] = landlock.WRITE
    rights[cell.package] = landlock.WRITE
    landlock.restrict(rights, cell.landlock_abi)


def lock_package(cell: Cell) -> None:
    """Make the agent's own package read-only: from now on only scratch and devices can be written."""
    if cell.landlock_abi == 0 or cell.level == Isolation.NONE:
        return
    rights = dict.fromkeys(DEVICES, landlock.DEVICE)
    if cell.level >= Isolation.NAMESPACES:
        rights[JAIL_SCRATCH] = landlock.WRITE
    landlock.restrict_writing(rights, cell.landlock_abi)


def lock(cell: Cell, *, keeps_reading: bool) -> None:
    """Take limits, drop every right, and install the filters: the last steps of both levels."""
    os.umask(0o077)
    os.chdir(cell.package)
    set_limits(cell)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    lock_files(cell)
    if cell.level >= Isolation.LANDLOCK_SECCOMP:
        drop_capabilities(keeps_reading=keeps_reading)
        prctl(PR_SET_DUMPABLE, 0)
        seccomp.load(cell.calls or seccomp.assemble(cell.machine, os.getpid()))


assert ctypes.sizeof(ctypes.c_void_p) == 8, "the call tables are those of 64-bit machines"
