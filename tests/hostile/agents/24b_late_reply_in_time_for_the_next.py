"""Answers one turn twice: in time, and once more, late, when the next one is asked.

row: 24
expected: protocol_violation
arena: connect_four-v3
why: the number of the request is drawn anew each time
says: belongs to no open request
"""

import os
import struct
import sys
import threading
import time

from workers.protocol import VERSION

calls = 0


def nonce():
    frame = sys._getframe()
    while frame:
        if "nonce" in frame.f_locals:
            return frame.f_locals["nonce"]
        frame = frame.f_back


def agent(observation):
    global calls
    calls += 1
    if calls == 2:
        late = struct.pack("<IBBHQ", 1, 17, 1, VERSION, nonce()) + b"\x03"
        threading.Thread(target=lambda: (time.sleep(0.05), os.write(3, late)), daemon=True).start()
    if calls == 3:
        time.sleep(0.15)
    return int(observation["action_mask"].argmax())
