"""Sends itself SIGKILL and SIGTERM.

row: 17
expected: crashed, ok
arena: connect_four-v3
why: process 1 of a process namespace is deaf to its own SIGKILL and plays on; at level 1 it dies
"""

import contextlib
import signal


def agent(observation):
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(OSError):
            signal.raise_signal(number)
    return int(observation["action_mask"].argmax())
