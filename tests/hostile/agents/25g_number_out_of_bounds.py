"""Returns a number beyond its bounds.

row: 25
expected: illegal_action
arena: BipedalWalker-v3
why: more than rounding is outside
"""


def agent(observation):
    return [0.0, 0.0, 0.0, 1.5]
