"""Sleeps for an hour.

row: 8
expected: timed_out
arena: connect_four-v3
why: wall time counts, not processor time
"""

import time


def agent(observation):
    time.sleep(3600)
