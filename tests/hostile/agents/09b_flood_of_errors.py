"""Writes ten megabytes a turn to standard error, unbuffered.

row: 9
expected: ok
arena: connect_four-v3
why: both streams are one pipe
log: bytes left out
limits: step_seconds=1
within: 12
"""

import os


def agent(observation):
    for _ in range(160):
        os.write(2, b"e" * 65536)
    return int(observation["action_mask"].argmax())
