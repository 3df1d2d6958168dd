"""Holds most of the memory it may have.

row: 0
expected: ok
arena: connect_four-v3
why: honest
"""

import numpy as np

held = np.ones(12 << 20)


def agent(observation):
    assert held[-1] == 1
    return int(observation["action_mask"].argmax())
