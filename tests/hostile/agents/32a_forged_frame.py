"""Writes a frame of its own, with a number it invents, before its answer.

row: 32
expected: protocol_violation
arena: connect_four-v3
why: the number of the request cannot be guessed
says: belongs to no open request
"""

import os
import struct

from workers.protocol import VERSION


def agent(observation):
    os.write(3, struct.pack("<IBBHQ", 1, 17, 1, VERSION, 12345) + b"\x03")
    return 3
