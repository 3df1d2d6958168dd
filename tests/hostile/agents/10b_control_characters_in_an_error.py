"""Fails with a message made to forge log lines and steer terminals.

row: 10
expected: crashed
arena: connect_four-v3
why: the message is one line; every door prints it escaped
says: ValueError
"""


def agent(observation):
    raise ValueError("\x1b[2J\u202e<script>\x00,=1+1\rHTTP/1.1 200 OK\nINFO winner=1")
