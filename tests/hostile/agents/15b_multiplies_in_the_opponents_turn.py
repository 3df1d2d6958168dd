"""Keeps threads multiplying matrices, outside the interpreter's lock, while the other one thinks.

row: 15
expected: ok
arena: connect_four-v3
why: as 15a; all threads of the process stop
opponent: busy
limits: memory_bytes=536870912
within: 12
"""

import threading

import numpy as np


def think():
    matrix = np.eye(300)
    while True:
        matrix = matrix @ matrix


for _ in range(4):
    threading.Thread(target=think, daemon=True).start()


def agent(observation):
    return int(observation["action_mask"].argmax())
