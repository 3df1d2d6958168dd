"""Sits in all seats, and cannot be loaded in any.

row: 47
expected: load_failed
arena: simple_tag-v3
why: as 47a, before the first step
opponent: itself
"""

raise ValueError("both of us")
