"""Plays into a full column.

row: 25
expected: illegal_action
arena: connect_four-v3
why: the referee checks the mask of its own environment
"""


def agent(observation):
    mask = observation["action_mask"]
    return 0 if mask[0] else int(mask.argmin())
