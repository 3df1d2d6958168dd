"""System call numbers of the two supported machines, and calls made by number.

Numbers are those of the kernel's tables for x86_64 and for the generic table used by aarch64; a call that
a machine does not have is marked with -1.
"""

import ctypes
import os
import platform
from dataclasses import dataclass
from typing import Final

_TABLE: Final = """
read 0 63, write 1 64, open 2 -1, close 3 57, stat 4 -1, fstat 5 80, lstat 6 -1, poll 7 -1, lseek 8 62,
mmap 9 222, mprotect 10 226, munmap 11 215, brk 12 214, rt_sigaction 13 134, rt_sigprocmask 14 135,
rt_sigreturn 15 139, ioctl 16 29, pread64 17 67, pwrite64 18 68, readv 19 65, writev 20 66, access 21 -1,
pipe 22 -1, select 23 -1, sched_yield 24 124, mremap 25 216, msync 26 227, madvise 28 233, shmget 29 194,
dup 32 23, dup2 33 -1, pause 34 -1, nanosleep 35 101, getitimer 36 102, alarm 37 -1, setitimer 38 103,
getpid 39 172, sendfile 40 71, socket 41 198, connect 42 203, sendto 44 206, recvfrom 45 207,
sendmsg 46 211, recvmsg 47 212, shutdown 48 210, bind 49 200, getsockname 51 204, getpeername 52 205,
setsockopt 54 208,
socketpair 53 199, getsockopt 55 209, clone 56 220, fork 57 -1, vfork 58 -1, execve 59 221, exit 60 93,
wait4 61 260, kill 62 129, uname 63 160, fcntl 72 25, flock 73 32, fsync 74 82, fdatasync 75 83,
truncate 76 45, ftruncate 77 46, getcwd 79 17, chdir 80 49, fchdir 81 50, rename 82 -1, mkdir 83 -1,
rmdir 84 -1, unlink 87 -1, readlink 89 -1, chmod 90 -1, fchmodat 268 53, umask 95 166,
gettimeofday 96 169, getrlimit 97 163, getrusage 98 165, sysinfo 99 179, times 100 153, ptrace 101 117,
getuid 102 174, getgid 104 176, geteuid 107 175, getegid 108 177, getppid 110 173, getpgrp 111 -1,
setsid 112 157, getgroups 115 158, getresuid 118 148, getresgid 120 150, getpgid 121 155, getsid 124 156,
capset 126 91, rt_sigpending 127 136, rt_sigtimedwait 128 137, rt_sigsuspend 130 133,
sigaltstack 131 132, utime 132 -1, statfs 137 43, fstatfs 138 44, getpriority 140 141,
sched_getparam 143 121, sched_setscheduler 144 119, sched_getscheduler 145 120,
sched_get_priority_max 146 125, sched_get_priority_min 147 126, pivot_root 155 41, prctl 157 167,
mount 165 40, umount2 166 39, gettid 186 178, setxattr 188 5, getxattr 191 8, lgetxattr 192 9,
fgetxattr 193 10, listxattr 194 11, llistxattr 195 12, flistxattr 196 13, time 201 -1, futex 202 98,
sched_setaffinity 203 122, sched_getaffinity 204 123, getdents64 217 61, set_tid_address 218 96,
restart_syscall 219 128, fadvise64 221 223, clock_gettime 228 113, clock_getres 229 114,
clock_nanosleep 230 115, exit_group 231 94, epoll_wait 232 -1, epoll_ctl 233 21, tgkill 234 131,
mq_open 240 180, add_key 248 217, keyctl 250 219, openat 257 56, mkdirat 258 34, newfstatat 262 79,
unlinkat 263 35, renameat 264 38, readlinkat 267 78, faccessat 269 48, pselect6 270 72, ppoll 271 73,
unshare 272 97, set_robust_list 273 99, get_robust_list 274 100, utimensat 280 88, epoll_pwait 281 22,
fallocate 285 47, eventfd2 290 19, epoll_create1 291 20, dup3 292 24, pipe2 293 59, preadv 295 69,
pwritev 296 70, perf_event_open 298 241, prlimit64 302 261, name_to_handle_at 303 264,
open_by_handle_at 304 265, setns 308 268, getcpu 309 168, process_vm_readv 310 270, renameat2 316 276,
seccomp 317 277, getrandom 318 278, memfd_create 319 279, bpf 321 280, userfaultfd 323 282,
membarrier 324 283, copy_file_range 326 285, preadv2 327 286, pwritev2 328 287, statx 332 291,
rseq 334 293, pidfd_send_signal 424 424, io_uring_setup 425 425, open_tree 428 428, move_mount 429 429,
pidfd_open 434 434, clone3 435 435, close_range 436 436, faccessat2 439 439, epoll_pwait2 441 441,
mount_setattr 442 442, landlock_create_ruleset 444 444, landlock_add_rule 445 445,
landlock_restrict_self 446 446, futex_waitv 449 449
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """One supported machine: its audit architecture and its numbers."""

    name: str
    audit_arch: int
    numbers: dict[str, int]


def _column(index: int) -> dict[str, int]:
    rows = (entry.split() for entry in _TABLE.replace("\n", " ").split(","))
    return {row[0]: int(row[index]) for row in rows if int(row[index]) >= 0}


MACHINES: Final = {
    "x86_64": Machine("x86_64", 0xC000003E, _column(1)),
    "aarch64": Machine("aarch64", 0xC00000B7, _column(2)),
}


def this_machine() -> Machine | None:
    """Return the table of the running machine, or None where it is not supported."""
    return MACHINES.get(platform.machine())


_MACHINE: Final = this_machine()
_libc: Final = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

Argument = int | bytes | ctypes.Array[ctypes.c_char] | None


def call(name: str, *arguments: Argument) -> int:
    """Make a system call by name.

    Args:
        name: as in the kernel's table.
        arguments: at most six; bytes are passed as a pointer to them.

    Raises:
        OSError: the kernel refused; the call's name stands in the message.
    """
    assert _MACHINE is not None, "this machine has no system call table"
    passed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = int(_libc.syscall(ctypes.c_long(_MACHINE.numbers[name]), *passed))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_SET_KEEPCAPS: Final = 8
PR_SET_NAME: Final = 15
PR_GET_NAME: Final = 16
_PR_CAPBSET_DROP: Final = 24
PR_SET_CHILD_SUBREAPER: Final = 36
PR_SET_NO_NEW_PRIVS: Final = 38


def prctl(option: int, *arguments: int) -> int:
    """Call prctl with the rest of its arguments zero.

    Raises:
        OSError: the kernel refused.
    """
    filled = (*arguments, 0, 0, 0, 0)[:4]
    return call("prctl", option, *filled)


def drop_bounding_set() -> None:
    """Give up all that a later `execve` could bring back; without the right to, nothing happens."""
    number = 0
    while _libc.prctl(_PR_CAPBSET_DROP, number, 0, 0, 0) == 0:
        number += 1
