"""Fills the buffers of as many pipes and sockets as it can open.

row: 5
expected: ok
arena: connect_four-v3
why: the limit of open files bounds what the kernel buffers for it; pipes cannot be made larger
tries: 1
"""

import contextlib
import fcntl
import os
import socket

from workers.sandbox.probes import attempt

held = []
left, right = os.pipe()
print("tried larger_pipe", attempt(lambda: fcntl.fcntl(right, 1031, 1 << 20)))
with contextlib.suppress(OSError):
    while True:
        pipe = os.pipe2(os.O_NONBLOCK)
        held.append(pipe)
        with contextlib.suppress(BlockingIOError):
            while True:
                os.write(pipe[1], bytes(4096))
        pair = socket.socketpair()
        held.append(pair)
        pair[0].setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                pair[0].send(bytes(4096))
print("pipes and pairs", len(held))


def agent(observation):
    return int(observation["action_mask"].argmax())
