"""Returns -1.

row: 25
expected: illegal_action
arena: connect_four-v3
why: as 25b
"""


def agent(observation):
    return -1
