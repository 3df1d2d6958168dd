"""Hides a mark everywhere it can, and looks whether the last match left one; is played twice.

row: 37
expected: ok
arena: connect_four-v3
why: each match has a fresh process, scratch and package folder; the libraries cannot be written
threat: T4
tries: 10
matches: 2
"""

import builtins
import contextlib
import os
import sys

import numpy as np

from workers.sandbox.probes import attempt

MARK = "hostile-trace-of-last-match"
FOLDERS = ("/tmp", os.getcwd(), "/dev/shm", "/var/tmp", os.path.dirname(np.__file__), sys.prefix)


def look(folder):
    def step():
        os.stat(os.path.join(folder, MARK))

    return step


def absent(found):
    return "OPEN" if found else "refused"


for number, folder in enumerate(FOLDERS):
    print("tried", f"file_{number}", attempt(look(folder)))
print("tried interpreter", absent(hasattr(builtins, "hostile_trace")))
print("tried library", absent(hasattr(np, "hostile_trace")))
print("tried environment", absent(MARK in os.environ))
builtins.hostile_trace = np.hostile_trace = sys.hostile_trace = True
np.argmax = np.sum = None
os.environ[MARK] = "1"
for folder in FOLDERS:
    with contextlib.suppress(OSError), open(os.path.join(folder, MARK), "w") as file:
        file.write("x")
with contextlib.suppress(OSError):
    os.mkdir("/tmp/numpy")


def poison():
    with open(os.path.join(os.path.dirname(np.__file__), "__init__.py"), "a") as file:
        file.write("# hostile-trace")


print("tried poison_library", attempt(poison))


def agent(observation):
    return int(observation["action_mask"].argmax())
