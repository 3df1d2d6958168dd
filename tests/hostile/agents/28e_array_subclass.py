"""Returns a subclass of an array that answers for itself.

row: 28
expected: protocol_violation
arena: BipedalWalker-v3
why: as 28b
"""

import numpy as np


class Array(np.ndarray):
    def tobytes(self, *_):
        return bytes(200 << 20)

    def __array_finalize__(self, other):
        pass


def agent(observation):
    return np.zeros(4, np.float32).view(Array)
