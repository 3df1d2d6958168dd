"""Raises in its third turn.

row: 18
expected: crashed
arena: connect_four-v3
why: the message is told with the turn
"""

calls = 0


def agent(observation):
    global calls
    calls += 1
    if calls == 3:
        raise ValueError("not today")
    return int(observation["action_mask"].argmax())
