"""Tries to tell who the opponent is, from files, names, times and what both have mapped.

row: 38
expected: ok
arena: connect_four-v3
why: it sees the board and nothing else
threat: T4
tries: 5
told: yes
"""

import json
import os

from workers.sandbox.probes import attempt

with open(os.path.join(os.path.dirname(__file__), "told.json")) as file:
    told = json.load(file)
above = os.path.dirname(os.getcwd())


def others():
    names = [name for name in os.listdir(above) if os.path.join(above, name) != os.getcwd()]
    if above == "/" or not names:
        raise FileNotFoundError(2, "nobody")


print("tried folders_of_others", attempt(others))
print("tried process_list", attempt(lambda: os.listdir("/proc")))
print("tried host_name", "OPEN" if told["host"] == os.uname().nodename else "refused")
print("tried referee_s_folder", attempt(lambda: os.listdir(f"/proc/{told['referee']}/cwd")))
print("tried blobs", attempt(lambda: os.listdir(told["drop"])))


def agent(observation):
    return int(observation["action_mask"].argmax())
