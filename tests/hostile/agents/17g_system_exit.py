"""Raises SystemExit.

row: 17
expected: crashed
arena: connect_four-v3
why: an exception like any other
says: exit with status 0
"""

import sys


def agent(observation):
    sys.exit(0)
