"""Never finishes its import.

row: 7
expected: load_failed
arena: connect_four-v3
why: loading has its own limit
limits: load_seconds=0.7
"""

while True:
    pass


def agent(observation):
    return 0
