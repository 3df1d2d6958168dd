"""Returns objects that say that they are arrays and integers.

row: 28
expected: protocol_violation
arena: connect_four-v3
why: exact types only; none of the value's own methods decides anything
"""


class Array:
    shape = ()
    dtype = int

    def __array__(self, *_, **__):
        raise SystemExit

    __int__ = __index__ = __float__ = __array__


def agent(observation):
    return Array()
