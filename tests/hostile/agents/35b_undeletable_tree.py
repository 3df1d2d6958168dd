"""Leaves folders a thousand deep, names that are no text, and folders without rights.

row: 35
expected: ok
arena: connect_four-v3
why: the file system goes with the process, in one step
threat: T3
within: 6
"""

import contextlib
import os

os.chdir("/tmp")
with contextlib.suppress(OSError):
    for _ in range(1000):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
os.chdir("/tmp")
for name in (b"\xff\xfe", b"-rf", b"a\nb", b"\x1b[2J", b"x" * 255):
    with contextlib.suppress(OSError):
        os.close(os.open(b"/tmp/" + name, os.O_CREAT | os.O_WRONLY, 0))
with contextlib.suppress(OSError):
    os.mkdir("/tmp/hostile-trace-shut", 0)


def agent(observation):
    return int(observation["action_mask"].argmax())
