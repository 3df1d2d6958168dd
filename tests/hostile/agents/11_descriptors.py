"""Opens pipes until it is refused, and leaves them open.

row: 11
expected: ok
arena: connect_four-v3
why: the limit of open files
tries: 1
"""

import os

from workers.sandbox.probes import attempt

held = []


def many():
    for _ in range(5000):
        held.append(os.pipe())


print("tried descriptors_without_end", attempt(many))


def agent(observation):
    return int(observation["action_mask"].argmax())
