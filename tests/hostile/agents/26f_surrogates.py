"""Returns lone surrogates.

row: 26
expected: protocol_violation
arena: connect_four-v3
why: a text that cannot be encoded is refused by its type, and shown escaped
"""


def agent(observation):
    return "\ud800\udfff"
