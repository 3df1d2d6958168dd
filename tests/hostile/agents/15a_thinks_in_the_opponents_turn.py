"""Keeps a thread computing while the other one thinks.

row: 15
expected: ok
arena: connect_four-v3
why: an agent is stopped while it is not its turn
opponent: busy
within: 12
"""

import threading


def think():
    total = 0
    while True:
        total += 1


for _ in range(3):
    threading.Thread(target=think, daemon=True).start()


def agent(observation):
    return int(observation["action_mask"].argmax())
