"""Comes as an archive with a path that leads out of its folder.

row: 35
expected: load_failed
arena: connect_four-v3
why: as 35d
says: unsafe path
threat: T3
"""


def agent(observation):
    return int(observation["action_mask"].argmax())
