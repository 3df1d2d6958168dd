"""Replaces what the runner encodes its action with, to get an illegal one through.

row: 45
expected: illegal_action
arena: connect_four-v3
why: the referee decodes and checks the bytes again
threat: T2
"""

import gc
import sys


def agent(observation):
    frame = sys._getframe()
    while frame:
        runner = frame.f_locals.get("self")
        if type(runner).__name__ == "Runner":
            break
        frame = frame.f_back
    assert frame, "the runner is in no frame"
    for held in gc.get_objects():
        if type(held).__name__ == "Codec":
            object.__setattr__(held, "encode", lambda value: b"\x63")
    return 3
