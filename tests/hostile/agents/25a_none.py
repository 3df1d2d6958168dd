"""Returns None.

row: 25
expected: illegal_action
arena: connect_four-v3
why: no action is no legal one
"""


def agent(observation):
    return None
