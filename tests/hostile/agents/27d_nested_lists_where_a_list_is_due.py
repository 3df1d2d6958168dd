"""Returns lists that hold themselves, where a list of numbers is due.

row: 27
expected: protocol_violation
arena: BipedalWalker-v3
why: the shape bounds how deep anybody looks
"""


def agent(observation):
    nested = [0.0] * 4
    for at in range(4):
        nested[at] = nested
    return nested
