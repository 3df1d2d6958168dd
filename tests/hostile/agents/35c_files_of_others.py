"""Changes modes, times, owners and contents of the platform's files, by every name it has for them.

row: 35
expected: ok
arena: connect_four-v3
why: no such name (level 2); Landlock and the filter (level 1)
threat: T3
tries: 10
told: yes
"""

import json
import os

from workers.sandbox.probes import attempt

with open(os.path.join(os.path.dirname(__file__), "told.json")) as file:
    told = json.load(file)
victim = told["victim"]

STEPS = {
    "mode": lambda: os.chmod(victim, 0o777),
    "times": lambda: os.utime(victim),
    "truncate": lambda: os.truncate(victim, 0),
    "unlink": lambda: os.unlink(victim),
    "rename": lambda: os.rename(victim, victim + ".hostile-trace"),
    "link": lambda: os.link(victim, victim + ".hostile-trace"),
    "symlink": lambda: os.symlink(victim, victim + ".hostile-trace"),
    "owner": lambda: os.chown(victim, os.getuid(), os.getgid()),
    "attributes": lambda: os.setxattr(victim, "user.hostile-trace", b"x"),
    "open": lambda: os.open(victim, os.O_RDWR),
}
for name, step in STEPS.items():
    print("tried", name, attempt(step))


def agent(observation):
    return int(observation["action_mask"].argmax())
