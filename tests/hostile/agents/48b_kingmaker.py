"""Among many, plays for one of the others.

row: 48
expected: ok
arena: simple_tag-v3
why: as 48a
within: 20
"""


def agent(observation):
    return 0
