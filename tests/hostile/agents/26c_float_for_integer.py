"""Returns 3.0 where an integer is due.

row: 26
expected: protocol_violation
arena: connect_four-v3
why: a float never counts as an integer
"""


def agent(observation):
    return 3.0
