"""Comes as an archive that unpacks to 600 MiB.

row: 6
expected: load_failed
arena: connect_four-v3
why: the unpacking in the jail stops at the size, on the agent's own file system
says: larger than allowed
limits: load_seconds=12
within: 16
"""


def agent(observation):
    return int(observation["action_mask"].argmax())
