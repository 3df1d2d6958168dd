"""Raises in its constructor.

row: 18
expected: load_failed
arena: connect_four-v3
why: as 18a
"""


class Agent:
    def __init__(self):
        raise ValueError("not today")

    def act(self, observation):
        return 0
