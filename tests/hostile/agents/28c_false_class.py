"""Returns an object whose class, comparison and hash lie.

row: 28
expected: protocol_violation
arena: connect_four-v3
why: as 28b
"""


class Liar:
    @property
    def __class__(self):
        return int

    def __eq__(self, other):
        return True

    __le__ = __lt__ = __ge__ = __gt__ = __eq__

    def __hash__(self):
        raise MemoryError


def agent(observation):
    return Liar()
