"""Writes until the disk is full, wherever it can.

row: 6
expected: ok
arena: connect_four-v3
why: only the scratch folder can be written, and it has a size
tries: 6
"""

import os

from workers.sandbox.probes import fill

for folder in ("/tmp", os.getcwd(), "/", "/dev/shm", "/var/tmp", os.path.dirname(os.__file__)):
    print("tried", f"fill{folder.replace('/', '_')}", fill(folder, 64 << 20).split()[0])


def agent(observation):
    return int(observation["action_mask"].argmax())
