"""Comes as an archive with a link out of its folder and a file to be written through it.

row: 35
expected: load_failed
arena: connect_four-v3
why: the unpacker in the jail takes plain files only
says: link
threat: T3
"""


def agent(observation):
    return int(observation["action_mask"].argmax())
