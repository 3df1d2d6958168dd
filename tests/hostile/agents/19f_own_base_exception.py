"""Raises a BaseException of its own, in a group of groups, with a cause that goes round in a circle.

row: 19
expected: crashed
arena: connect_four-v3
why: as 19d
"""


class Stop(BaseException):
    pass


def agent(observation):
    first, second = Stop("first"), Stop("second")
    first.__cause__, second.__cause__ = second, first
    group = BaseExceptionGroup("all", [first, second])
    for _ in range(200):
        group = BaseExceptionGroup("again", [group])
    raise group
