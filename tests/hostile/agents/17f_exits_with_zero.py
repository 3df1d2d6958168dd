"""Ends its process with status 0.

row: 17
expected: crashed
arena: connect_four-v3
why: an answer was owed
says: status 0
"""

import os


def agent(observation):
    os._exit(0)
