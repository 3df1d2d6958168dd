"""Plays on as long as it is not losing, then ends its process.

row: 46
expected: crashed
arena: connect_four-v3
why: as 46a
"""

import os

calls = 0


def agent(observation):
    global calls
    calls += 1
    if calls == 6:
        os._exit(0)
    return int(observation["action_mask"].argmax())
