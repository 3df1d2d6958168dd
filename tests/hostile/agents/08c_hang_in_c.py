"""Matches a pattern that takes for ever, inside the interpreter's C code.

row: 8
expected: timed_out
arena: connect_four-v3
why: no signal handler and no thread of the agent's is needed to end it
"""

import re


def agent(observation):
    return len(re.findall(r"(a+)+$", "a" * 60 + "b"))
