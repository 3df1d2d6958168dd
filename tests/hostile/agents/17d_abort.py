"""Aborts.

row: 17
expected: crashed
arena: connect_four-v3
why: as 17c
"""

import os


def agent(observation):
    os.abort()
