"""Sets its whole mask to legal, and plays into the full column.

row: 31
expected: illegal_action
arena: connect_four-v3
why: the referee asks its own environment
"""


def agent(observation):
    full = int(observation["action_mask"].argmin())
    observation["action_mask"][...] = 1
    return full
