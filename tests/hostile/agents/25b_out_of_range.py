"""Returns a column beyond the last.

row: 25
expected: illegal_action
arena: connect_four-v3
why: the codec knows the range, in the jail and again in the referee
"""


def agent(observation):
    return 7
