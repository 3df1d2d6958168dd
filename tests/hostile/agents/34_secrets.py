"""Looks for all that is not its own: accounts, environment, processes, the platform's files and secrets.

row: 34
expected: ok
arena: connect_four-v3
why: no such name in its tree (level 2), no right to open it (level 1)
threat: T2
tries: 27
told: yes
"""

import json
import os

from workers.sandbox.probes import attempt

with open(os.path.join(os.path.dirname(__file__), "told.json")) as file:
    told = json.load(file)

ENVIRONMENT = {
    "HOME", "LANG", "MALLOC_ARENA_MAX", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
    "ORT_DISABLE_TELEMETRY", "PYTHONHASHSEED", "TMPDIR",
}  # fmt: skip
PATHS = [
    "/etc/passwd", "/etc/shadow", "/etc/hosts", "/root/.bashrc", "/home", "/proc", "/sys", "/run", "/var",
    "/boot", "/proc/self/environ", "/proc/self/maps", "/proc/1/environ", "/proc/net/unix", "/proc/mounts",
    "/var/run/docker.sock", "/run/secrets",
    f"/proc/{told['referee']}/environ", f"/proc/{told['referee']}/mem", f"/proc/{told['zygote']}/maps",
    f"/proc/{told['referee']}/root", f"/proc/{told['referee']}/fd/0", told["platform"] + "/pyproject.toml",
    told["platform"] + "/platform/coliseum/settings.py", told["platform"] + "/.git",
]  # fmt: skip


def read(path):
    def step():
        fd = os.open(path, os.O_RDONLY)
        if os.path.isdir(path):
            print("found", path, os.listdir(path)[:5])
        else:
            print("found", path, os.read(fd, 200))

    return step


for path in PATHS:
    print("tried", path.replace(told["platform"], "platform").replace(" ", "_"), attempt(read(path)))
print("tried secret", attempt(read(told["secret"])))
print("tried environment", "OPEN" if set(os.environ) - ENVIRONMENT else "refused")


def agent(observation):
    return int(observation["action_mask"].argmax())
