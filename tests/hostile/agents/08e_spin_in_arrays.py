"""Multiplies matrices for ever.

row: 8
expected: timed_out
arena: connect_four-v3
why: as 08a, without the interpreter's lock
"""

import numpy as np


def agent(observation):
    matrix = np.ones((600, 600))
    while True:
        matrix = matrix @ matrix
