"""Looks for programs that would make it somebody else, and asks to become somebody else.

row: 44
expected: ok
arena: connect_four-v3
why: no programs can be started, file systems are mounted without setuid, no capabilities, no new privileges
threat: T1
tries: 8
"""

import os

from workers.sandbox.probes import attempt
from workers.sandbox.syscalls import call

usable = []
for folder, _, names in os.walk("/usr"):
    for name in names:
        path = os.path.join(folder, name)
        try:
            if os.lstat(path).st_mode & 0o6000 and not os.statvfs(path).f_flag & os.ST_NOSUID:
                usable.append(path)
        except OSError:
            continue
STEPS = {
    "become_root": lambda: os.setuid(0),
    "become_root_for_good": lambda: os.setresuid(0, 0, 0),
    "become_root_s_group": lambda: os.setresgid(0, 0, 0),
    "groups": lambda: os.setgroups([0]),
    "capabilities": lambda: call("capset", b"\x22\x05\x08\x20" + bytes(4), b"\xff" * 24),
    "file_capabilities": lambda: os.setxattr(os.__file__, "security.capability", bytes(20)),
    "make_setuid": lambda: os.chmod(os.getcwd(), 0o4777),
}
print("setuid files that count:", usable[:5])
for name, step in STEPS.items():
    print("tried", name, attempt(step))
print("tried start_one", attempt(lambda: os.execv((usable or ["/usr/bin/su"])[0], ["su"])))


def agent(observation):
    return int(observation["action_mask"].argmax())
