"""Hostile bytes and values against everything that reads them: a table of targets, short in CI, long by hand.

`python -m tests.fuzz --seconds 60` runs all of them and prints a line each; `make fuzz` is the same. A new
target is one line in `tests/fuzz/targets.py`.
"""
