"""Returns what other platforms took for control words.

row: 30
expected: protocol_violation
arena: connect_four-v3
why: in this arena a text is of the wrong type, whatever it says
"""

calls = 0
WORDS = ("DeadlineExceeded", "INVALID", "resign", "pass", "DONE", "__win__")


def agent(observation):
    return WORDS[0]
