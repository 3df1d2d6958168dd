"""Writes answers for the next turns ahead, while it is not its turn.

row: 32
expected: protocol_violation
arena: connect_four-v3
why: as 32a; what waits before the request is not of this request
says: belongs to no open request
"""

import os
import struct
import threading
import time

from workers.protocol import VERSION


def ahead():
    time.sleep(0.01)
    for number in range(50):
        os.write(3, struct.pack("<IBBHQ", 1, 17, 1, VERSION, number) + b"\x03")


started = False


def agent(observation):
    global started
    if not started:
        started = True
        threading.Thread(target=ahead, daemon=True).start()
    else:
        time.sleep(0.03)
    return int(observation["action_mask"].argmax())
