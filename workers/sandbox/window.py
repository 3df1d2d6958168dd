"""Memory shared with one agent: the referee writes large observations into it, the agent can only read.

How it works. The zygote makes an anonymous file of a fixed size for each jail and maps it for reading through
a descriptor that was opened for reading, so the mapping can never be made writable; the child inherits the
mapping and no descriptor. The launcher gets the file, maps it for writing, and then seals it against any
further writer. Pages exist only once they are written, so an agent with small observations costs nothing.
"""

import fcntl
import mmap
import os
from typing import Final

BYTES: Final = 16 * 1024 * 1024
"""Size of a window; longer frames go through the socket."""
_F_SEAL_FUTURE_WRITE: Final = 0x10


def make() -> int:
    """Return the descriptor of a new window, sealed in its size so that nobody can cut it under a reader."""
    fd = os.memfd_create("window", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, BYTES)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
    return fd


def reader(fd: int) -> mmap.mmap:
    """Map a window for reading, for good."""
    shut = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return mmap.mmap(shut, BYTES, mmap.MAP_SHARED, mmap.PROT_READ)
    finally:
        os.close(shut)


def writer(fd: int) -> mmap.mmap:
    """Map a window for writing, forbid every further writer, and close the descriptor."""
    try:
        mapped = mmap.mmap(fd, BYTES, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, _F_SEAL_FUTURE_WRITE | fcntl.F_SEAL_SEAL)
    finally:
        os.close(fd)
    return mapped
