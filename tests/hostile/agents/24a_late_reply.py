"""Answers its third turn when the time is over.

row: 24
expected: timed_out
arena: connect_four-v3
why: the process is gone when the limit is; nothing is read any more
"""

import time

calls = 0


def agent(observation):
    global calls
    calls += 1
    if calls == 3:
        time.sleep(2)
    return int(observation["action_mask"].argmax())
