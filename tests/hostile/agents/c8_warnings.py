"""Makes warnings, of its own and of libraries.

row: 0
expected: ok
arena: connect_four-v3
why: honest
log: RuntimeWarning
"""

import warnings

import numpy as np


def agent(observation):
    warnings.warn("old", DeprecationWarning, stacklevel=1)
    np.log(np.zeros(3))
    return int(observation["action_mask"].argmax())
