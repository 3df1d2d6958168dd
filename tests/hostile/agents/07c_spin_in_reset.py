"""Never finishes its reset.

row: 7
expected: timed_out
arena: connect_four-v3
why: reset has its own limit
limits: reset_seconds=0.5
"""


class Agent:
    def reset(self):
        while True:
            pass

    def act(self, observation):
        return 0
