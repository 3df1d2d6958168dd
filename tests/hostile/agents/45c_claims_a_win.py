"""Walks to the runner and makes it say that it won, with rewards, ranks and a result.

row: 45
expected: protocol_violation
arena: connect_four-v3
why: the channel knows actions; a result is made by the referee alone
says: bytes is expected
threat: T2
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
    result = {"match": "hostile", "token": "t", "rewards": [-1, 1], "ranks": [2, 1], "outcome": "ok"}
    told = msgspec.msgpack.encode(result)
    os.write(3, struct.pack("<IBBHQ", len(told), 17, 1, VERSION, frame.f_locals["nonce"]) + told)
    while True:
        pass
