"""Fills memory while it is imported.

row: 3
expected: out_of_memory
arena: connect_four-v3
why: the limit holds from the first line of the agent's code on
"""

held = []
while True:
    held.append(bytearray(b"x") * (1 << 20))
