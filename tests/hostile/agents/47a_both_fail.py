"""Sits in all seats of an arena where all move at once, and raises in the first step.

row: 47
expected: crashed
arena: simple_tag-v3
why: each has its own verdict in the one result
opponent: itself
"""


def agent(observation):
    raise ValueError("both of us")
