"""Reads whatever it can from every descriptor, looks what they are, and asks for more to be sent.

row: 33
expected: ok
arena: connect_four-v3
why: four descriptors; there is nothing in its channel but its own next request
threat: T2
tries: 5
"""

import os
import socket

from workers.sandbox.probes import attempt, open_descriptors

print("tried more_descriptors", "OPEN" if set(open_descriptors().split()) - set("0123") else "refused")
channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, fileno=os.dup(3))


def waiting(fd):
    def step():
        os.set_blocking(fd, False)
        try:
            if not os.read(fd, 65536):
                raise BlockingIOError(11, "nothing")
        finally:
            os.set_blocking(fd, True)

    return step


print("tried read_channel", attempt(waiting(3)))
print("tried read_input", attempt(waiting(0)))
print("tried read_log", attempt(lambda: os.read(1, 1)))
print("tried receive_descriptors", attempt(lambda: channel.recvmsg(1, 256, socket.MSG_DONTWAIT)))


def agent(observation):
    return int(observation["action_mask"].argmax())
