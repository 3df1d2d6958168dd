"""Returns an integer whose value is another one at each look.

row: 29
expected: protocol_violation
arena: connect_four-v3
why: a subclass of int is no int
"""


class Changing(int):
    looks = 0

    def __index__(self):
        Changing.looks += 1
        return 0 if Changing.looks < 2 else 99

    __int__ = __index__

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def agent(observation):
    return Changing(3)
