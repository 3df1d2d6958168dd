"""Takes half a second for its first move.

row: 0
expected: ok
arena: connect_four-v3
why: honest; the bank is there for it
limits: bank_seconds=2
"""

import time

calls = 0


def agent(observation):
    global calls
    calls += 1
    if calls == 1:
        time.sleep(0.5)
    return int(observation["action_mask"].argmax())
