"""Close the calling process in: namespaces, a bare file system, limits, no capabilities, filters.

How it works. At level 2 a middle process makes the namespaces and forks the agent, which then is process 1
of its own process namespace. The agent builds its root from detached copies of a few host folders, moves
into it and lets go of the host's. At level 1 the agent is forked directly and keeps the host's tree, of
which Landlock leaves it the same few folders. Both then take limits, lose every privilege, and install the
system call filter last.
"""

import contextlib
import ctypes
import os
import resource
import signal
import struct
from dataclasses import dataclass
from typing import Final

from workers.sandbox import landlock, seccomp
from workers.sandbox.policy import (
    DEVICES,
    INSIDE_ID,
    JAIL_SCRATCH,
    OPEN_FILES,
    Footprint,
    Policy,
)
from workers.sandbox.syscalls import (
    PR_CAPBSET_DROP,
    PR_SET_DUMPABLE,
    PR_SET_KEEPCAPS,
    PR_SET_NO_NEW_PRIVS,
    PR_SET_PDEATHSIG,
    Machine,
    call,
    prctl,
)
from workers.spec import Isolation

_CLONE_NEW_ALL: Final = 0x10000000 | 0x20000 | 0x20000000 | 0x40000000 | 0x8000000 | 0x4000000 | 0x2000000
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


def unshare_all() -> None:
    """Leave every namespace of the host.

    Raises:
        OSError: user namespaces, or one of the others, are refused here.
    """
    call("unshare", _CLONE_NEW_ALL)


def map_ids(pid: int, outside_uid: int, outside_gid: int) -> None:
    """Give a process in a new user namespace its one user and group id.

    Raises:
        OSError: the kernel or a security module refused.
    """
    if os.geteuid() != 0:
        _write(f"/proc/{pid}/setgroups", "deny")
    _write(f"/proc/{pid}/gid_map", f"{INSIDE_ID} {outside_gid} 1")
    _write(f"/proc/{pid}/uid_map", f"{INSIDE_ID} {outside_uid} 1")


def _write(path: str, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    except OSError as error:
        raise OSError(error.errno, f"write {path}: {error.strerror}") from None
    finally:
        os.close(fd)


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
        resource.RLIMIT_AS: footprint.address_bytes + 4 * policy.memory_bytes,
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
    number = 0
    with contextlib.suppress(OSError):  # EINVAL ends the list, EPERM comes where there are none to drop.
        while True:
            prctl(PR_CAPBSET_DROP, number)
            number += 1
    _set_capabilities(1 << _CAP_DAC_READ_SEARCH if keeps_reading else 0)


def _set_capabilities(kept: int) -> None:
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    call("capset", header, struct.pack("=6I", kept, kept, 0, 0, 0, 0))


def lock_files(cell: Cell, *, is_final: bool) -> None:
    """Leave the agent its few folders; the final call makes its own package read-only.

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
    rights[cell.package] = landlock.READ if is_final else landlock.WRITE
    landlock.restrict(rights, cell.landlock_abi)


def lock(cell: Cell, *, keeps_reading: bool) -> None:
    """Take limits, drop every right, and install the filters: the last steps of both levels."""
    os.umask(0o077)
    os.chdir(cell.package)
    set_limits(cell)
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    lock_files(cell, is_final=False)
    if cell.level >= Isolation.LANDLOCK_SECCOMP:
        drop_capabilities(keeps_reading=keeps_reading)
        prctl(PR_SET_DUMPABLE, 0)
        seccomp.install(cell.machine)


assert ctypes.sizeof(ctypes.c_void_p) == 8, "the call tables are those of 64-bit machines"
