"""Prints ten megabytes a turn.

row: 9
expected: ok
arena: connect_four-v3
why: the log is drained all the time; its head and tail are kept
log: bytes left out
limits: step_seconds=1
within: 12
"""

LINE = "x" * 99 + "\n"


def agent(observation):
    print(LINE * 100_000)
    return int(observation["action_mask"].argmax())
