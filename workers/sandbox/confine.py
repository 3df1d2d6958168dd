"""Confine a process of our own that reads hostile bytes: no network, no program, no file but code.

How it works. Landlock leaves the process the folders code is read from, and nothing to write. A system call
filter then takes sockets, new processes, programs, tracing and signals to others by number. It is an allow
list, the agents' own with what a referee needs besides, so a call that the kernel learns tomorrow is refused
too; a library takes EPERM for an ordinary error. All calls of a turn pass without a look at their arguments,
which the kernel remembers, so a turn costs the same as without the filter. Neither wall can be taken down
again, and whatever must happen outside of them (forking agents, beginning anew) is the zygote's part, which
was started before.
"""

import os
import resource
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from workers.sandbox import landlock, seccomp
from workers.sandbox.policy import DEVICES
from workers.sandbox.syscalls import PR_SET_NO_NEW_PRIVS, call, prctl, this_machine

NEEDED_BESIDES: Final = frozenset(
    (
        "mmap",  # Shared memory, too: nothing here is counted by a limit.
        "mprotect",
        "futex",
        "memfd_create",
        "sendto",  # There is no socket but those it has, and all of them are connected.
        "setsockopt",
        "sendmsg",
        "recvmsg",  # Agents' channels come this way.
        "pidfd_send_signal",  # Freezes and ends agents; their descriptors come from the zygote only.
        "flock",
    )
)
"""What a referee may call and an agent may not."""

_FCNTLS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1033, 1034)  # Also seals on memory; not leases or owners.
_LIBRARY_CACHE: Final = "/etc/ld.so.cache"
_KEPT_CAPABILITIES: Final = 1 << 2 | 1 << 5
"""Of root's rights: to read files whatever their mode (Landlock says which), and to end agents."""
_CAPABILITY_VERSION_3: Final = 0x20080522


def confine(folders: Iterable[str]) -> str:
    """Confine the calling process for good, as far as the kernel can.

    Args:
        folders: what it may read, files or folders with all below; absent ones are left out.

    Returns:
        Why a wall is missing, as sentences; empty where all of them stand.
    """
    missing = []
    if len(os.listdir("/proc/self/task")) > 1:
        missing.append("Threads were running before; the walls do not hold for them.")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _drop_capabilities()
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    version = landlock.abi()
    if version:
        rights = dict.fromkeys((*folders, _LIBRARY_CACHE), landlock.LOOK)
        landlock.restrict(rights | dict.fromkeys(DEVICES, landlock.DEVICE), version, may_signal=True)
    else:
        missing.append("The kernel has no Landlock, so the files of the host can be read.")
    machine = this_machine()
    assert machine is not None, "no agent could be held on this machine either"
    try:
        seccomp.load(seccomp.link(machine, policy(os.getpid())))
    except OSError as error:
        missing.append(f"The system call filter was refused: {error}.")
    return " ".join(missing)


def policy(pid: int) -> dict[str, list[seccomp.Instruction]]:
    """Return what answers the calls of a process that knows itself as `pid`, the only one it may signal."""
    bodies = seccomp.allowing(seccomp.ALLOWED) | seccomp.answering(seccomp.ANSWERED)
    bodies |= seccomp.conditional(pid) | seccomp.allowing(NEEDED_BESIDES)
    bodies |= {"fcntl": seccomp.one_of(1, _FCNTLS), "kill": seccomp.one_of(0, (pid,))}
    del bodies["socketpair"]
    return bodies


def _drop_capabilities() -> None:
    """Give up root's rights but two; an ordinary user has none."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    kept = int(status["CapPrm"], 16) & _KEPT_CAPABILITIES
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    call("capset", header, struct.pack("=6I", kept, kept, 0, 0, 0, 0))
