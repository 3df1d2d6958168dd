"""Puts its log in the place of its channel, and plays on.

row: 33
expected: crashed
arena: connect_four-v3
why: as 33a; answers in the log are a log
within: 3
"""

import os


def agent(observation):
    os.dup2(1, 3)
    return int(observation["action_mask"].argmax())
