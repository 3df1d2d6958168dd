"""Answers in another version of the protocol.

row: 32
expected: protocol_violation
arena: connect_four-v3
why: the version is in each frame
says: version
"""

import os
import struct
import sys

from workers.protocol import VERSION


def agent(observation):
    frame = sys._getframe()
    while "nonce" not in frame.f_locals:
        frame = frame.f_back
    os.write(3, struct.pack("<IBBHQ", 1, 17, 1, VERSION + 1, frame.f_locals["nonce"]) + b"\x03")
    return 3
