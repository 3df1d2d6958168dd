"""Plays on as long as it is not losing, then sleeps.

row: 46
expected: timed_out
arena: connect_four-v3
why: a stall is a loss, never a void
"""

import time

calls = 0


def agent(observation):
    global calls
    calls += 1
    if calls == 6:
        time.sleep(3600)
    return int(observation["action_mask"].argmax())
