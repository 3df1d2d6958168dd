"""Returns an array of another shape.

row: 26
expected: protocol_violation
arena: BipedalWalker-v3
why: as 26a
"""

import numpy as np


def agent(observation):
    return np.zeros((2, 2), np.float32)
