"""Fills memory by malloc, ignoring that it is refused.

row: 3
expected: crashed
arena: connect_four-v3
why: malloc gives a null pointer; writing to it ends the process, and the host never gave more than the limit
"""

import ctypes

LIBC = ctypes.CDLL(None)
LIBC.malloc.restype = ctypes.c_void_p
LIBC.memset.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t)
SIZE = 16 << 20


def agent(observation):
    while True:
        LIBC.memset(LIBC.malloc(SIZE), 1, SIZE)
