"""Prints a little in every turn, to both streams.

row: 0
expected: ok
arena: connect_four-v3
why: honest
log: turn 3
"""

import sys

calls = 0


def agent(observation):
    global calls
    calls += 1
    print("turn", calls, "mask", observation["action_mask"])
    print("to standard error", file=sys.stderr)
    return int(observation["action_mask"].argmax())
