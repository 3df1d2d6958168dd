"""Raises an exception whose text never ends.

row: 19
expected: timed_out
arena: connect_four-v3
why: its text is asked for within its own time
"""


class EndlessError(Exception):
    def __str__(self):
        while True:
            pass


def agent(observation):
    raise EndlessError
