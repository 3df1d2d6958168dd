"""Overwrites its observation and mask, and plays on.

row: 31
expected: ok
arena: connect_four-v3
why: what it gets is its own copy
"""


def agent(observation):
    action = int(observation["action_mask"].argmax())
    observation["observation"][...] = 1
    observation["action_mask"][...] = 0
    observation.clear()
    return action
