"""Raises KeyboardInterrupt.

row: 19
expected: crashed
arena: connect_four-v3
why: all kinds of exceptions are caught at the border
"""


def agent(observation):
    raise KeyboardInterrupt
