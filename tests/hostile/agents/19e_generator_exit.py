"""Raises GeneratorExit.

row: 19
expected: crashed
arena: connect_four-v3
why: as 19d
"""


def agent(observation):
    raise GeneratorExit
