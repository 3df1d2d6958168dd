"""Closes its input and its log, and plays on.

row: 33
expected: ok
arena: connect_four-v3
why: nobody needs them but the agent
"""

import contextlib
import os

for fd in (0, 1, 2):
    os.close(fd)


def agent(observation):
    with contextlib.suppress(OSError):
        print("gone")
    return int(observation["action_mask"].argmax())
