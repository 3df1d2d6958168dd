"""Returns NaN where a number between bounds is due.

row: 25
expected: illegal_action
arena: BipedalWalker-v3
why: NaN is in no range
"""


def agent(observation):
    return [float("nan")] * 4
