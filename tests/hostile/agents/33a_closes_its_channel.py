"""Closes its channel and spins.

row: 33
expected: crashed
arena: connect_four-v3
why: the referee sees the end of the channel at once
within: 3
"""

import os


def agent(observation):
    os.close(3)
    while True:
        pass
