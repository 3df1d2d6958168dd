"""Holds the interpreter's lock in a library call while a thread of its own wants it.

row: 8
expected: timed_out
arena: connect_four-v3
why: the clock is in another process
"""

import ctypes
import threading


def agent(observation):
    threading.Thread(target=lambda: sum(range(10**9)), daemon=True).start()
    return ctypes.PyDLL(None).sleep(3600)
