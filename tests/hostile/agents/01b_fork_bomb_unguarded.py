"""Forks without end and does not look at the errors.

row: 1
expected: crashed
arena: connect_four-v3
why: the first refused fork is an exception in act
says: cannot start processes
"""

import os


def agent(observation):
    while True:
        os.fork()
