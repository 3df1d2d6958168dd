"""Maps memory that it may not touch, makes it writable, and fills it: half of the address space and more.

row: 3
expected: ok, out_of_memory
arena: connect_four-v3
why: RLIMIT_DATA does not hold where RLIMIT_AS lacks room for the mapping once more; RLIMIT_AS does, and the
    zygote ends who holds too much
holds: 704
"""

import ctypes
import mmap

from workers.sandbox.probes import attempt
from workers.sandbox.syscalls import call

MIB = 1 << 20
PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000  # Not reserved.
WRITABLE = mmap.PROT_READ | mmap.PROT_WRITE
LIMIT = 128 * MIB
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.mmap.restype = ctypes.c_void_p
LIBC.mmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long)


def made_writable(size):
    def step():
        address = LIBC.mmap(None, size, 0, PRIVATE, -1, 0)
        if address in (None, ctypes.c_void_p(-1).value):
            raise MemoryError
        try:
            call("mprotect", address, size, WRITABLE)
            ctypes.memset(address, 1, size)
        finally:
            call("munmap", address, size)

    return step


for times in (2, 3, 4, 5, 6, 8, 12, 16):
    print(f"{times} times the limit:", attempt(made_writable(times * LIMIT)), flush=True)


def agent(observation):
    return int(observation["action_mask"].argmax())
