"""Returns two hundred megabytes.

row: 27
expected: protocol_violation
arena: connect_four-v3
why: looked at by type; nothing of it leaves the jail
limits: memory_bytes=536870912 step_seconds=1
"""


def agent(observation):
    return bytes(200 << 20)
