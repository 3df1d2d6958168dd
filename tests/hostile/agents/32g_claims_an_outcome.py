"""Reports in the platform's own frame that the fault is the platform's, or the opponent's, or nobody's.

row: 32
expected: protocol_violation
arena: connect_four-v3
why: only a few outcomes may be claimed, and they count only against the one that claims them
"""

import os
import struct
import sys

import msgspec

from workers.protocol import VERSION


def agent(observation):
    frame = sys._getframe()
    while "nonce" not in frame.f_locals:
        frame = frame.f_back
    claim = {"outcome": "infrastructure_error", "message": "the arena failed", "evidence": ""}
    told = msgspec.msgpack.encode(claim)
    os.write(3, struct.pack("<IBBHQ", len(told), 18, 0, VERSION, frame.f_locals["nonce"]) + told)
    while True:
        pass
