"""Leaves links to the host's files, pipes and sockets in its scratch folder, to be followed by others.

row: 35
expected: ok
arena: connect_four-v3
why: the scratch folder is thrown away unread; no host code opens a name an agent chose
threat: T3
tries: 6
told: yes
"""

import contextlib
import json
import os
import socket

from workers.sandbox.probes import attempt

with open(os.path.join(os.path.dirname(__file__), "told.json")) as file:
    told = json.load(file)

for number, target in enumerate(
    ("/etc/passwd", told["secret"], "/proc/self/mem", "/", "..", "hostile-trace")
):
    with contextlib.suppress(OSError):
        os.symlink(target, f"/tmp/hostile-trace-{number}")
with contextlib.suppress(OSError):
    os.symlink("hostile-trace", "/tmp/hostile-trace")


def through(path):
    def step():
        if not os.path.islink(path):
            raise FileNotFoundError(2, "the link could not be made")
        with open(path, "a"):
            pass

    return step


print("tried hard_link", attempt(lambda: os.link(told["secret"], "/tmp/hostile-trace-hard")))
print("tried fifo", attempt(lambda: os.mkfifo("/tmp/hostile-trace-fifo")))
print("tried socket", attempt(lambda: socket.socket(socket.AF_UNIX).bind("/tmp/hostile-trace-socket")))
print("tried write_through_link", attempt(through("/tmp/hostile-trace-1")))
print("tried write_to_open_folder", attempt(through(told["drop"] + "/hostile-trace")))
print("tried rename_out", attempt(lambda: os.rename("/tmp/hostile-trace-0", told["drop"] + "/hostile-trace")))


def agent(observation):
    return int(observation["action_mask"].argmax())
