"""Sends half an answer and ends.

row: 23
expected: crashed
arena: connect_four-v3
why: the channel closes in the middle of a frame, and that is seen at once
within: 3
"""

import os


def agent(observation):
    os.write(3, b"\x01\x00\x00\x00\x11\x01")
    os._exit(0)
