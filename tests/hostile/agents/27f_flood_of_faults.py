"""Sends faults with the longest texts, a thousand at once.

row: 27
expected: protocol_violation
arena: connect_four-v3
why: a fault is an answer too: one, of a bounded size, with the number of the request
says: belongs to no open request
"""

import os
import struct

from workers.protocol import VERSION


def agent(observation):
    for _ in range(1000):
        os.write(3, struct.pack("<IBBHQ", 8192, 18, 0, VERSION, 0) + bytes(8192))
