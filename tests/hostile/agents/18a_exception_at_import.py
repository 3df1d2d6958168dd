"""Raises while it is imported.

row: 18
expected: load_failed
arena: connect_four-v3
why: it never came to the table
"""

raise ValueError("not today")
