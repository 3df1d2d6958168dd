"""Answers that it is ready, instead of an action.

row: 32
expected: protocol_violation
arena: connect_four-v3
why: the kind is the one that was asked for, or a fault
says: kind
"""

import os
import struct
import sys

from workers.protocol import VERSION


def agent(observation):
    frame = sys._getframe()
    while "nonce" not in frame.f_locals:
        frame = frame.f_back
    os.write(3, struct.pack("<IBBHQ", 0, 16, 0, VERSION, frame.f_locals["nonce"]))
    while True:
        pass
