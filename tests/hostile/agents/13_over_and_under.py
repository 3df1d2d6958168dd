"""Is over the limit in every other turn.

row: 13
expected: timed_out
arena: connect_four-v3
why: what is over comes out of the bank, and nothing puts it back
within: 12
"""

import time

calls = 0


def agent(observation):
    global calls
    calls += 1
    time.sleep(0.4 if calls % 2 else 0.01)
    return int(observation["action_mask"].argmax())
