"""Leaves threads running that never end, and that are no daemons.

row: 22
expected: ok
arena: connect_four-v3
why: the process is killed, and its threads with it
"""

import threading
import time


def stay():
    while True:
        time.sleep(1)


for _ in range(5):
    threading.Thread(target=stay).start()


def agent(observation):
    return int(observation["action_mask"].argmax())
