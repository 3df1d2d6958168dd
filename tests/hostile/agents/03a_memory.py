"""Takes and fills memory, megabyte by megabyte.

row: 3
expected: out_of_memory
arena: connect_four-v3
why: the data limit refuses the next megabyte; the MemoryError is reported
"""

held = []


def agent(observation):
    while True:
        held.append(bytearray(b"x") * (1 << 20))
