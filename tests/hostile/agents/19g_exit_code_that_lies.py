"""Raises SystemExit with a code whose methods raise.

row: 19
expected: crashed
arena: connect_four-v3
why: only a plain integer is taken for a status
says: exit with status 1
"""


class Code(int):
    def __format__(self, spec):
        raise ValueError("no number")

    __str__ = __repr__ = __index__ = __int__ = __format__


def agent(observation):
    raise SystemExit(Code(3))
