"""Shuts the writing half of its channel down.

row: 33
expected: crashed
arena: connect_four-v3
why: as 33a
within: 3
"""

import socket


def agent(observation):
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=3)
    channel.shutdown(socket.SHUT_WR)
    return int(observation["action_mask"].argmax())
