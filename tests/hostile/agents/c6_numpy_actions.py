"""Returns NumPy scalars and arrays without a dimension.

row: 0
expected: ok
arena: connect_four-v3
why: honest
"""

import numpy as np

calls = 0
KINDS = (np.int64, np.int32, np.uint8, np.array, np.asarray)


def agent(observation):
    global calls
    calls += 1
    return KINDS[calls % len(KINDS)](observation["action_mask"].argmax())
