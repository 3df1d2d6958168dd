"""Calls itself for ever.

row: 17
expected: crashed
arena: connect_four-v3
why: the interpreter raises RecursionError
says: RecursionError
"""


def agent(observation):
    return agent(observation)
