"""Runs its C stack over.

row: 17
expected: crashed
arena: connect_four-v3
why: the process ends by SIGSEGV, and the referee sees the closed channel
says: SIGSEGV
"""

import ctypes
import sys


def agent(observation):
    sys.setrecursionlimit(10**9)
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
    deeper = compare(lambda depth: deeper(depth + 1))
    return deeper(0)
