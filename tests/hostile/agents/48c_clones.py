"""Sits in both seats: two uploads of the same bytes.

row: 48
expected: ok
arena: connect_four-v3
why: as 48a; one place on the board a team, and the same content is refused at upload
opponent: itself
"""


def agent(observation):
    return int(observation["action_mask"].argmax())
