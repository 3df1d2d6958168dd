"""Writes perfect frames to standard input, output and error.

row: 32
expected: ok
arena: connect_four-v3
why: what comes there is a log
"""

import os
import struct

from workers.protocol import VERSION


def agent(observation):
    for fd in (0, 1, 2):
        os.write(fd, struct.pack("<IBBHQ", 1, 17, 1, VERSION, 0) + b"\x63")
    return int(observation["action_mask"].argmax())
