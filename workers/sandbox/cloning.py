"""Fork straight into new namespaces with one system call.

How it works. `os.fork` knows no namespaces, and `unshare` moves a process into all of them but the process
namespace, which takes a second fork; a fork of a process with numpy costs a millisecond. So the kernel's
`clone3` is called directly, as libc's own fork would, only with the flags of the namespaces. Libc keeps the
number of the thread in a place that the kernel is asked for and fills in. What `os.fork` does beyond that
(hooks for threads, locks and random generators) concerns programs with several threads, and random numbers:
the zygote has one thread and the runner seeds every generator before the agent's code is loaded.
"""

import ctypes
import os
import signal
import struct
from typing import Final

from workers.sandbox.syscalls import call

_NEW_USER, _NEW_MOUNT, _NEW_PROCESS = 0x10000000, 0x20000, 0x20000000
_NEW_NETWORK, _NEW_IPC, _NEW_UTS, _NEW_CGROUP = 0x40000000, 0x8000000, 0x4000000, 0x2000000
_NEW_ALL: Final = _NEW_USER | _NEW_MOUNT | _NEW_PROCESS | _NEW_NETWORK | _NEW_IPC | _NEW_UTS | _NEW_CGROUP
_PIDFD: Final = 0x1000
_CHILD_CLEARTID, _CHILD_SETTID = 0x200000, 0x1000000
_PR_GET_TID_ADDRESS: Final = 40


def own_namespaces(*, is_root: bool) -> None:
    """Give the calling process a mount namespace of its own, and an ordinary user the right to use it.

    An ordinary user appears as user 0 in the new user namespace, so that the rights survive `execve`.

    Raises:
        OSError: user or mount namespaces are refused here.
    """
    uid, gid = os.geteuid(), os.getegid()
    call("unshare", _NEW_MOUNT if is_root else _NEW_USER | _NEW_MOUNT)
    if not is_root:
        map_ids(os.getpid(), (0, uid), (0, gid), may_set_groups=False)


def map_ids(pid: int, uid: tuple[int, int], gid: tuple[int, int], *, may_set_groups: bool) -> None:
    """Give a process in a new user namespace its one user and group id.

    Args:
        pid: as the caller sees it.
        uid: inside and outside.
        gid: inside and outside.
        may_set_groups: whether the caller is privileged outside; the kernel asks others to give that up.

    Raises:
        OSError: the kernel or a security module refused; the message names the file.
    """
    if not may_set_groups:
        _write(f"/proc/{pid}/setgroups", "deny")
    _write(f"/proc/{pid}/gid_map", f"{gid[0]} {gid[1]} 1")
    _write(f"/proc/{pid}/uid_map", f"{uid[0]} {uid[1]} 1")


def clone() -> tuple[int, int]:
    """Fork a child into seven new namespaces.

    Returns:
        Process id and process descriptor of the child; (0, -1) in the child, which is process 1 there and
        has no ids yet.

    Raises:
        OSError: a namespace or the call itself is refused here.
    """
    thread_id = ctypes.c_uint64()
    call("prctl", _PR_GET_TID_ADDRESS, ctypes.addressof(thread_id), 0, 0, 0)
    descriptor = ctypes.c_int(-1)
    flags = _NEW_ALL | _PIDFD | _CHILD_SETTID | _CHILD_CLEARTID
    fields = (flags, ctypes.addressof(descriptor), thread_id.value, 0, signal.SIGCHLD, 0, 0, 0)
    arguments = struct.pack("=8Q", *fields)
    pid = call("clone3", arguments, len(arguments))
    return pid, descriptor.value if pid else -1


def _write(path: str, text: str) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    except OSError as error:
        raise OSError(error.errno, f"write {path}: {error.strerror}") from None
    finally:
        os.close(fd)
