"""Returns an iterable without end, where a list is due.

row: 27
expected: protocol_violation
arena: BipedalWalker-v3
why: only lists, tuples and arrays are looked into
"""

import itertools


def agent(observation):
    return itertools.count()
