"""Takes nearly the whole limit in every turn.

row: 12
expected: ok
arena: connect_four-v3
why: that is allowed; the match stays inside what turns and limits add up to
within: 12
"""

import time


def agent(observation):
    time.sleep(0.15)
    return int(observation["action_mask"].argmax())
