"""Returns an object whose repr never ends.

row: 28
expected: timed_out
arena: connect_four-v3
why: it is shown to its owner within its own time
"""


class Endless:
    def __repr__(self):
        while True:
            pass


def agent(observation):
    return Endless()
