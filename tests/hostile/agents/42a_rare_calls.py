"""Makes every rare, new and dangerous system call, with arguments that do no harm.

row: 42
expected: ok
arena: connect_four-v3
why: what is not on the allow list is answered with EPERM before the kernel looks at it
threat: T1
refusals: EPERM ENOSYS
tries: 48
"""

import ctypes
import os
import platform

from workers.sandbox.probes import attempt
from workers.sandbox.syscalls import MACHINES, call

NAMED = [
    "ptrace",
    "process_vm_readv",
    "pidfd_open",
    "pidfd_send_signal",
    "bpf",
    "perf_event_open",
    "keyctl",
    "add_key",
    "userfaultfd",
    "io_uring_setup",
    "unshare",
    "setns",
    "mount",
    "umount2",
    "pivot_root",
    "open_tree",
    "move_mount",
    "mount_setattr",
    "memfd_create",
    "shmget",
    "mq_open",
    "open_by_handle_at",
    "name_to_handle_at",
    "seccomp",
    "capset",
    "execve",
    "kill",
]
NUMBERS = {
    "x86_64": {
        "init_module": 175, "delete_module": 176, "finit_module": 313, "kexec_load": 246, "reboot": 169,
        "swapon": 167, "acct": 163, "settimeofday": 164, "iopl": 172, "ioperm": 173, "sethostname": 170,
        "quotactl": 179, "personality": 135, "process_vm_writev": 311, "kcmp": 312, "fanotify_init": 300,
        "io_uring_enter": 426, "fsopen": 430, "pidfd_getfd": 438, "memfd_secret": 447, "modify_ldt": 154,
    },
    "aarch64": {
        "init_module": 105, "delete_module": 106, "finit_module": 273, "kexec_load": 104, "reboot": 142,
        "swapon": 224, "acct": 89, "settimeofday": 170, "sethostname": 161, "quotactl": 60, "personality": 92,
        "process_vm_writev": 271, "kcmp": 272, "fanotify_init": 262, "io_uring_enter": 426, "fsopen": 430,
        "pidfd_getfd": 438, "memfd_secret": 447, "adjtimex": 171, "clock_adjtime": 266, "nfsservctl": 42,
    },
}[platform.machine()]  # fmt: skip
LIBC = ctypes.CDLL(None, use_errno=True)
NOWHERE = -1


def numbered(number):
    def step():
        arguments = [ctypes.c_long(NOWHERE)] * 6
        if LIBC.syscall(ctypes.c_long(number), *arguments) < 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))

    return step


for name in NAMED:
    assert name in MACHINES[platform.machine()].numbers
    print("tried", name, attempt(lambda name=name: call(name, *[NOWHERE] * 6)))
for name, number in NUMBERS.items():
    print("tried", name, attempt(numbered(number)))


def agent(observation):
    return int(observation["action_mask"].argmax())
