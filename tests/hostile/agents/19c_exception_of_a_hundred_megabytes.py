"""Raises an exception with a text of fifty megabytes.

row: 19
expected: crashed, out_of_memory
arena: connect_four-v3
why: the message is cut inside the jail, and again by the referee
"""


def agent(observation):
    raise ValueError("x" * (50 << 20))
