"""Writes one line that never ends, from a thread, also while it is not its turn.

row: 9
expected: ok
arena: connect_four-v3
why: the log knows no lines
log: bytes left out
"""

import os
import threading


def flood():
    while True:
        os.write(1, b"z" * 4096)


threading.Thread(target=flood, daemon=True).start()


def agent(observation):
    return int(observation["action_mask"].argmax())
