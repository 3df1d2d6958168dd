"""Makes allowed calls under the numbers of the x32 table, and numbers that no kernel has.

row: 42
expected: ok
arena: connect_four-v3
why: the filter compares whole numbers
threat: T1
refusals: EPERM ENOSYS
tries: 5
"""

import ctypes
import os

from workers.sandbox.probes import attempt

LIBC = ctypes.CDLL(None, use_errno=True)


def numbered(number):
    def step():
        if LIBC.syscall(ctypes.c_long(number), 0, 0, 0, 0, 0, 0) < 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))

    return step


for number in (0x40000000 + 39, 0x40000000 + 59, 0x40000000 + 513, 100_000, 0x7FFFFFFF):
    print("tried", hex(number), attempt(numbered(number)))


def agent(observation):
    return int(observation["action_mask"].argmax())
