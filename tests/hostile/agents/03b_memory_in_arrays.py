"""Fills large arrays.

row: 3
expected: out_of_memory
arena: connect_four-v3
why: as 03a, through NumPy's own allocator
"""

import numpy as np

held = []


def agent(observation):
    while True:
        held.append(np.ones(1 << 20))
