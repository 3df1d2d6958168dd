"""Raises an exception whose text, attributes, notes and class name raise too.

row: 19
expected: crashed
arena: connect_four-v3
why: the runner asks the exception for nothing it cannot do without
"""


class Named(type):
    def __getattribute__(cls, name):
        raise ValueError("no name")


class MuteError(Exception, metaclass=Named):
    def __str__(self):
        raise ValueError("no text")

    __repr__ = __str__

    def __getattribute__(self, name):
        raise ValueError("no attributes")


def agent(observation):
    raise MuteError
