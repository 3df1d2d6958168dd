"""Computes a power with billions of digits.

row: 8
expected: timed_out, out_of_memory
arena: connect_four-v3
why: one step of the interpreter that lasts for hours
"""


def agent(observation):
    return 7 ** (7**12) % 7
