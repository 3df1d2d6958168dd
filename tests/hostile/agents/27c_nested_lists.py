"""Returns a hundred thousand nested lists.

row: 27
expected: protocol_violation, crashed
arena: connect_four-v3
why: an integer is due; nobody walks down
"""


def agent(observation):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    return nested
