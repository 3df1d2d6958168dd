"""Run a program as an ordinary user, optionally where user namespaces are used up.

    python as_user.py [--no-user-namespaces] program [argument ...]

Started by root it becomes user 65534 first. Folders the program needs that lie below one only root may enter
(a Python below /root) are shown in a mount namespace of its own.
"""

import os
import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[3])
sys.path.insert(0, ROOT)

from workers.sandbox.syscalls import PR_SET_DUMPABLE, call, prctl  # noqa: E402

NOBODY = 65534
MS_BIND, MS_REC, MS_PRIVATE, MS_MOVE = 0x1000, 0x4000, 0x40000, 0x2000
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000


def closed_ancestor(path):
    for parent in reversed(Path(path).parents):
        if not parent.stat().st_mode & 0o001:
            return str(parent)
    return None


def open_the_way():
    """Replace closed folders above what is needed by bare ones."""
    call("unshare", CLONE_NEWNS)
    call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    needed = {}
    for path in (sys.base_prefix, sys.prefix, ROOT):
        above = closed_ancestor(path)
        if above:
            needed.setdefault(above, set()).add(path)
    for above, paths in needed.items():
        held = [(os.open(path, os.O_PATH), path) for path in sorted(paths)]
        trees = [(call("open_tree", fd, b"", 1 | 0x1000 | 0x8000), path) for fd, path in held]
        call("mount", b"tmpfs", above.encode(), b"tmpfs", 0, b"mode=0755")
        for tree, path in trees:
            os.makedirs(path, exist_ok=True)
            call("move_mount", tree, b"", -100, path.encode(), 4)


def use_up_user_namespaces():
    uid, gid = os.getuid(), os.getgid()
    call("unshare", CLONE_NEWUSER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def become_ordinary():
    """Have root's process go on as an ordinary user."""
    open_the_way()
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    prctl(PR_SET_DUMPABLE, 1)


def main(arguments):
    if os.geteuid() == 0:
        become_ordinary()
    if arguments[0] == "--no-user-namespaces":
        use_up_user_namespaces()
        arguments = arguments[1:]
    os.execv(arguments[0], arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
