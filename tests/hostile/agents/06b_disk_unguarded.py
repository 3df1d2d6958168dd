"""Writes to its scratch folder until an exception comes.

row: 6
expected: crashed
arena: connect_four-v3
why: a full disk is an error like any other; the host has lost nothing
says: No space left
"""


def agent(observation):
    with open("/tmp/hostile-trace", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
