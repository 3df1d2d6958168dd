"""Writes a frame of two hundred megabytes to its channel.

row: 27
expected: protocol_violation
arena: connect_four-v3
why: the referee knows the size of an answer beforehand and reads no further
says: came
"""

import os
import struct
import sys

from workers.protocol import VERSION


def nonce():
    frame = sys._getframe()
    while frame:
        if "nonce" in frame.f_locals:
            return frame.f_locals["nonce"]
        frame = frame.f_back


def agent(observation):
    os.write(3, struct.pack("<IBBHQ", 200 << 20, 17, 1, VERSION, nonce()))
    while True:
        os.write(3, bytes(1 << 20))
