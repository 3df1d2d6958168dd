"""Returns an integer of 5000 digits.

row: 26
expected: protocol_violation
arena: connect_four-v3
why: refused by its length, and never printed
"""


def agent(observation):
    return 10**5000
