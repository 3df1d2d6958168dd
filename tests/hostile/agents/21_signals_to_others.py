"""Signals its parent, everybody, its group, the referee and the zygote.

row: 21
expected: ok
arena: connect_four-v3
why: the filter lets it signal only itself; below that, user ids and the process namespace
threat: T4
tries: 19
told: yes
"""

import fcntl
import json
import os

from workers.sandbox.probes import attempt
from workers.sandbox.syscalls import call

with open(os.path.join(os.path.dirname(__file__), "told.json")) as file:
    told = json.load(file)

# Signal 0 asks for the right and does no harm should the wall be open.
targets = {"everybody": -1, "own_group": 0, "referee": told["referee"], "zygote": told["zygote"]}
for name, pid in targets.items():
    print("tried", f"kill_{name}", attempt(lambda pid=pid: os.kill(pid, 0)))
    print("tried", f"tgkill_{name}", attempt(lambda pid=pid: call("tgkill", pid, pid, 0)))
    print("tried", f"pidfd_{name}", attempt(lambda pid=pid: call("pidfd_open", pid, 0)))
    print("tried", f"priority_{name}", attempt(lambda pid=pid: os.setpriority(os.PRIO_PGRP, max(pid, 0), 19)))
print("tried", "signals_by_channel", attempt(lambda: fcntl.fcntl(3, fcntl.F_SETOWN, told["referee"])))
print("tried", "parent", attempt(lambda: os.kill(os.getppid() or 1 << 22, 0)))
print("tried", "group_of_parent", attempt(lambda: os.killpg(os.getpgid(os.getppid()) or 1 << 22, 0)))


def agent(observation):
    return int(observation["action_mask"].argmax())
