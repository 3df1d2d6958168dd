"""Answers twice, with the right number.

row: 32
expected: protocol_violation
arena: connect_four-v3
why: more bytes than one answer
says: more bytes than one answer
"""

import os
import struct
import sys

from workers.protocol import VERSION


def agent(observation):
    frame = sys._getframe()
    while "nonce" not in frame.f_locals:
        frame = frame.f_back
    answer = struct.pack("<IBBHQ", 1, 17, 1, VERSION, frame.f_locals["nonce"]) + b"\x03"
    os.write(3, answer + answer)
    while True:
        pass
