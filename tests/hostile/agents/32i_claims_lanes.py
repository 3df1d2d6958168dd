"""Answers the load itself, with more lanes than there are and more bytes than a number needs.

row: 32
expected: load_failed, protocol_violation
arena: connect_four-v3
why: the number of lanes is one byte, and no more than was offered
"""

import os
import struct
import sys

from workers.protocol import VERSION

frame = sys._getframe()
while "nonce" not in frame.f_locals:
    frame = frame.f_back
os.write(3, struct.pack("<IBBHQ", 200, 16, 0, VERSION, frame.f_locals["nonce"]) + b"\xff" * 200)


def agent(observation):
    return int(observation["action_mask"].argmax())
