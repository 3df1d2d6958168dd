"""Returns a text.

row: 26
expected: protocol_violation
arena: connect_four-v3
why: not of the action's type
"""


def agent(observation):
    return "3"
