"""Stops its own process, again and again.

row: 20
expected: timed_out
arena: connect_four-v3
why: a stopped process answers nothing; at level 2 it is deaf to its own stop and spins
"""

import signal


def agent(observation):
    while True:
        signal.raise_signal(signal.SIGSTOP)
