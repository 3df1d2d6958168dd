"""The smallest agent there is.

row: 0
expected: ok
arena: connect_four-v3
why: honest
"""


def agent(observation):
    return int(observation["action_mask"].argmax())
