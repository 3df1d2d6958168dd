"""The system call filter: an allow list assembled by hand into classic BPF.

How it works. The program first checks the machine, so that 32-bit and other foreign calls kill the process.
Then it compares the call's number with each entry of the list. An entry answers at once, or looks at the
arguments and answers. What is in no entry fails with EPERM, which a library sees as an ordinary error.
"""

import ctypes
import errno
import os
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from workers.sandbox.syscalls import PR_GET_NAME, PR_SET_NAME, Machine, call

ALLOW: Final = 0x7FFF0000
KILL_PROCESS: Final = 0x80000000
ERRNO: Final = 0x00050000

_LOAD, _JUMP_EQUAL, _JUMP_SET, _AND, _RETURN = 0x20, 0x15, 0x45, 0x54, 0x06
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16

Instruction = tuple[int, int, int, int]

_NAMES: Final = """
read write open close stat fstat lstat poll lseek munmap brk rt_sigaction rt_sigprocmask rt_sigreturn
pread64 pwrite64 readv writev access pipe select sched_yield mremap msync madvise dup dup2 pause nanosleep
getitimer alarm setitimer getpid sendfile recvfrom shutdown getsockname getpeername getsockopt exit wait4
uname fsync fdatasync ftruncate getcwd chdir fchdir rename mkdir rmdir unlink readlink umask gettimeofday
getrlimit getrusage sysinfo times getuid getgid geteuid getegid getppid getpgrp getgroups getresuid getresgid
getpgid getsid rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack statfs fstatfs getpriority
sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min gettid time
sched_getaffinity getdents64 restart_syscall fadvise64 clock_gettime clock_getres clock_nanosleep exit_group
epoll_wait epoll_ctl openat mkdirat newfstatat unlinkat renameat readlinkat faccessat pselect6 ppoll
set_robust_list get_robust_list epoll_pwait fallocate eventfd2 epoll_create1 dup3 pipe2 preadv pwritev getcpu
renameat2 getrandom membarrier copy_file_range preadv2 pwritev2 statx rseq close_range faccessat2 epoll_pwait2
landlock_create_ruleset landlock_add_rule landlock_restrict_self
"""

ALLOWED: Final = frozenset(_NAMES.split())
"""Allowed whatever the arguments. The Landlock calls can only take rights away from the caller."""

ANSWERED: Final = {
    "clone3": errno.ENOSYS,  # libc then falls back to clone, whose flags can be looked at.
    "sched_setaffinity": 0,  # Pretended: numerical libraries print an error on EPERM.
    "listxattr": errno.ENOTSUP,  # File copies take this for "nothing to copy".
    "llistxattr": errno.ENOTSUP,
    "flistxattr": errno.ENOTSUP,
}

_IOCTLS: Final = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS, window size, FIO*.
_FCNTLS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1032, 1034)  # Not leases, owners or pipe sizes.
_CLONE_THREAD: Final = 0x10000
_CLONE_NEW: Final = 0x7E020080  # Every namespace flag.
_PROT_WRITE, _PROT_EXECUTE, _MAP_SHARED, _MAP_ANONYMOUS = 0x2, 0x4, 0x1, 0x20
_MAP_UNCOUNTED: Final = 0x100 | 0x2000 | 0x40000  # GROWSDOWN, LOCKED, HUGETLB escape RLIMIT_DATA.
_AF_UNIX: Final = 1
_FUTEX_PRIVATE: Final = 128
_DENY: Final = ERRNO | errno.EPERM


def _argument(index: int, *, high: bool = False) -> Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index + (4 if high else 0))


def _answer(value: int) -> Instruction:
    return (_RETURN, 0, 0, value)


def allowing(names: Iterable[str]) -> dict[str, list[Instruction]]:
    """Return the bodies of calls that pass whatever their arguments."""
    return {name: [_answer(ALLOW)] for name in names}


def answering(errors: Mapping[str, int]) -> dict[str, list[Instruction]]:
    """Return the bodies of calls that are not made but answered with an error number, or 0 for success."""
    return {name: [_answer(ERRNO | value)] for name, value in errors.items()}


def one_of(index: int, values: Sequence[int]) -> list[Instruction]:
    """Allow when the low word of an argument is one of the values."""
    body = [_argument(index)]
    for position, value in enumerate(values):
        body.append((_JUMP_EQUAL, len(values) - position, 0, value))
    return [*body, _answer(_DENY), _answer(ALLOW)]


def _is_null(index: int) -> list[Instruction]:
    """Go on when a pointer argument is null, deny otherwise."""
    return [
        _argument(index),
        (_JUMP_EQUAL, 0, 2, 0),
        _argument(index, high=True),
        (_JUMP_EQUAL, 1, 0, 0),
        _answer(_DENY),
    ]


def _mmap() -> list[Instruction]:
    """Refuse memory that RLIMIT_DATA does not count."""
    return [
        _argument(3),
        (_JUMP_SET, 5, 0, _MAP_UNCOUNTED),  # -> deny
        (_JUMP_SET, 0, 5, _MAP_SHARED),  # not shared -> allow
        (_JUMP_SET, 3, 0, _MAP_ANONYMOUS),  # shared and anonymous -> deny
        _argument(2),
        (_JUMP_SET, 1, 0, _PROT_WRITE),  # shared and writable -> deny
        _answer(ALLOW),
        _answer(_DENY),
        _answer(ALLOW),
    ]


def _mprotect() -> list[Instruction]:
    """Let pages only become writable: others are not counted by RLIMIT_DATA, however full they are.

    Making pages read-only or inaccessible, as the program loader and threads do, is answered but not done.
    """
    return [
        _argument(2),
        (_JUMP_SET, 0, 1, _PROT_WRITE),
        _answer(ALLOW),
        (_JUMP_SET, 0, 1, _PROT_EXECUTE),
        _answer(_DENY),
        _answer(ERRNO),
    ]


def _clone() -> list[Instruction]:
    """Allow threads, refuse processes and namespaces."""
    return [
        _argument(0),
        (_JUMP_SET, 1, 0, _CLONE_NEW),
        (_JUMP_SET, 1, 0, _CLONE_THREAD),
        _answer(_DENY),
        _answer(ALLOW),
    ]


def _futex() -> list[Instruction]:
    """Refuse to wake waiters of other processes: any library both have mapped would be a meeting place.

    Waiting without the private flag is what joining a thread does.
    """
    return [
        _argument(1),
        (_JUMP_SET, 4, 0, _FUTEX_PRIVATE),  # -> allow
        (_AND, 0, 0, 0x7F),
        (_JUMP_EQUAL, 2, 0, 0),  # FUTEX_WAIT -> allow
        (_JUMP_EQUAL, 1, 0, 9),  # FUTEX_WAIT_BITSET -> allow
        _answer(_DENY),
        _answer(ALLOW),
    ]


def conditional(pid: int) -> dict[str, list[Instruction]]:
    """Return the bodies of an agent's calls whose arguments decide."""
    return {
        "mmap": _mmap(),
        "mprotect": _mprotect(),
        "clone": _clone(),
        "futex": _futex(),
        "ioctl": one_of(1, _IOCTLS),
        "fcntl": one_of(1, _FCNTLS),
        "prctl": one_of(0, (PR_SET_NAME, PR_GET_NAME)),
        "socketpair": one_of(0, (_AF_UNIX,)),
        "tgkill": one_of(0, (pid,)),
        # An address would let a datagram socket pair reach other sockets of the host.
        "sendto": [*_is_null(4), _answer(ALLOW)],
        # Limits may be read, one's own only.
        "prlimit64": [*_is_null(2), *one_of(0, (0,))],
    }


def assemble(machine: Machine, pid: int) -> bytes:
    """Return an agent's filter program.

    Args:
        machine: whose numbers to use.
        pid: the agent's own process id as the agent sees it; the only one it may send signals to.
    """
    return link(machine, allowing(ALLOWED) | answering(ANSWERED) | conditional(pid))


def link(machine: Machine, bodies: Mapping[str, list[Instruction]]) -> bytes:
    """Return the filter program as an array of `struct sock_filter`.

    Args:
        machine: whose numbers to use; calls of any other architecture kill the process.
        bodies: what answers each call; the calls not named fail with EPERM.
    """
    numbers = machine.numbers
    program: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_JUMP_EQUAL, 1, 0, machine.audit_arch),
        _answer(KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
    ]
    for name in sorted(bodies, key=lambda known: numbers.get(known, -1)):
        if name in numbers:
            program.append((_JUMP_EQUAL, 0, len(bodies[name]), numbers[name]))
            program += bodies[name]
    program.append(_answer(_DENY))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def install(machine: Machine) -> None:
    """Put an agent's filter on the calling process for good. The caller has set no_new_privs before.

    Raises:
        OSError: the kernel has no seccomp filters or refused this one.
    """
    load(assemble(machine, os.getpid()))


def load(program: bytes) -> None:
    """Put a filter program on the calling thread, and on those it starts, for good.

    Raises:
        OSError: the kernel has no seccomp filters or refused this one.
    """
    held = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(held))
    call("seccomp", 1, 0, header)
