"""Returns the numbers that stand for nothing elsewhere.

row: 30
expected: illegal_action
arena: connect_four-v3
why: only the arena's own numbers are actions
"""


def agent(observation):
    return 2**63 - 1
