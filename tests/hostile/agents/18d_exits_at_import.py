"""Ends its process while it is imported.

row: 18
expected: load_failed
arena: connect_four-v3
why: as 18a, by the exit of the process
"""

import os

os._exit(0)
