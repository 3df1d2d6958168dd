"""Plays moves from a book it brought along, whatever it sees.

row: 48
expected: ok
arena: connect_four-v3
why: as 48a; scenarios of a score arena stay hidden until the competition closes
"""

BOOK = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6]
calls = 0


def agent(observation):
    global calls
    calls += 1
    legal = observation["action_mask"]
    wanted = BOOK[calls % len(BOOK)]
    return wanted if legal[wanted] else int(legal.argmax())
