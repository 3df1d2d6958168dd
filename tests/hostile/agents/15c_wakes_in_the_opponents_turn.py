"""Has a timer call it a thousand times a second, to go on whatever stopped it.

row: 15
expected: ok
arena: connect_four-v3
why: a stopped process takes no signals but the end
opponent: busy
within: 12
"""

import signal
import sys


def wake(*_):
    sum(range(40_000))


signal.signal(signal.SIGALRM, wake)
signal.signal(signal.SIGCONT, wake)
sys.setswitchinterval(1e-6)


def agent(observation):
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    return int(observation["action_mask"].argmax())
