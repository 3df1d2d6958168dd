"""Never finishes its constructor.

row: 7
expected: load_failed
arena: connect_four-v3
why: construction is part of loading
limits: load_seconds=0.7
"""


class Agent:
    def __init__(self):
        while True:
            pass

    def act(self, observation):
        return 0
