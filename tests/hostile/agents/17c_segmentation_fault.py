"""Reads address zero.

row: 17
expected: crashed
arena: connect_four-v3
why: the signal is in the message
says: SIGSEGV
"""

import ctypes


def agent(observation):
    return ctypes.string_at(0)
