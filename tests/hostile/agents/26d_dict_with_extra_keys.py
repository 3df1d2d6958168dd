"""Returns a dict with the action and more.

row: 26
expected: protocol_violation
arena: connect_four-v3
why: as 26a
"""


def agent(observation):
    return {"action": 3, "reward": 1, "winner": 1}
