"""Ignores, blocks and handles every signal it can, then spins.

row: 20
expected: timed_out
arena: connect_four-v3
why: SIGKILL can be neither caught nor blocked
"""

import contextlib
import signal


def agent(observation):
    for number in range(1, 65):
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass
