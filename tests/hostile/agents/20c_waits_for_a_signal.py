"""Blocks every signal and waits for one that nobody sends.

row: 20
expected: timed_out
arena: connect_four-v3
why: as 20b, asleep
"""

import signal


def agent(observation):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    return signal.sigwait({signal.SIGUSR1})
