"""Spins in Python.

row: 8
expected: timed_out
arena: connect_four-v3
why: the referee's clock and a kill from outside
"""


def agent(observation):
    while True:
        pass
