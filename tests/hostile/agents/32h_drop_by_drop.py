"""Sends an answer of one byte at a time, for ever.

row: 32
expected: protocol_violation, timed_out
arena: connect_four-v3
why: the limit is for the whole frame
"""

import os
import time


def agent(observation):
    while True:
        os.write(3, b"\x01")
        time.sleep(0.02)
