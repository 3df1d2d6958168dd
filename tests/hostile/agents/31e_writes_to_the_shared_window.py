"""Writes into the memory through which large observations come, and tries to make it writable first.

row: 31
expected: crashed
arena: connect_four-v3
why: the memory is mapped from a descriptor that can only read; writing to it ends the process
says: SIGSEGV
tries: 2
"""

import ctypes
import gc
import mmap

from workers.sandbox.probes import attempt
from workers.sandbox.syscalls import call


def window():
    """Find the mapping through the runner, wherever it keeps it."""
    for held in gc.get_objects():
        for name in ("_window", "window"):
            found = getattr(held, name, None) if type(held).__module__.startswith("workers") else None
            if isinstance(found, memoryview):
                return found
    raise LookupError("there is no window")


def agent(observation):
    seen = window()
    import numpy as np

    address = np.frombuffer(seen, np.uint8).ctypes.data & ~4095
    writable = mmap.PROT_READ | mmap.PROT_WRITE
    print("tried make_writable", attempt(lambda: call("mprotect", address, 4096, writable)), flush=True)
    print("tried write_through_view", "refused" if seen.readonly else "OPEN", flush=True)
    ctypes.memset(address, 1, 4096)
    return int(observation["action_mask"].argmax())
