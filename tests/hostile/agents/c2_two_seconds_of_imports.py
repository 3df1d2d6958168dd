"""Takes two seconds to import.

row: 0
expected: ok
arena: connect_four-v3
why: honest; loading has its own, longer limit
limits: load_seconds=6
"""

import time

until = time.monotonic() + 2
while time.monotonic() < until:
    pass


def agent(observation):
    return int(observation["action_mask"].argmax())
