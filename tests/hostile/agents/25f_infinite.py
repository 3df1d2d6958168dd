"""Returns infinity where a number between bounds is due.

row: 25
expected: illegal_action
arena: BipedalWalker-v3
why: as 25e
"""

import numpy as np


def agent(observation):
    return np.full(4, np.inf, np.float32)
