"""Opens and makes devices, writes control groups, types into terminals, and changes its root.

row: 36
expected: ok
arena: connect_four-v3
why: three harmless devices in its tree, no capabilities, and a filter for terminal controls
threat: T1
tries: 18
"""

import fcntl
import os
import stat

from workers.sandbox.probes import attempt
from workers.sandbox.syscalls import call


def opened(path, flags=os.O_RDWR):
    return lambda: os.close(os.open(path, flags))


STEPS = {
    "memory_device": opened("/dev/mem"),
    "kernel_log": opened("/dev/kmsg", os.O_RDONLY),
    "disk": opened("/dev/sda", os.O_RDONLY),
    "virtual_disk": opened("/dev/vda", os.O_RDONLY),
    "terminal": opened("/dev/tty"),
    "terminals": opened("/dev/ptmx"),
    "fuse": opened("/dev/fuse"),
    "kvm": opened("/dev/kvm"),
    "make_device": lambda: os.mknod("/tmp/hostile-trace", stat.S_IFCHR | 0o666, os.makedev(1, 5)),
    "make_disk": lambda: os.mknod("/tmp/hostile-trace", stat.S_IFBLK | 0o666, os.makedev(8, 0)),
    "core_pattern": opened("/proc/sys/kernel/core_pattern", os.O_WRONLY),
    "sysrq": opened("/proc/sysrq-trigger", os.O_WRONLY),
    "control_group": opened("/sys/fs/cgroup/cgroup.procs", os.O_WRONLY),
    "control_group_release": opened("/sys/fs/cgroup/memory/release_agent", os.O_WRONLY),
    "type_into_terminal": lambda: fcntl.ioctl(1, 0x5412, b"x"),
    "take_terminal": lambda: fcntl.ioctl(0, 0x540E, 0),
    "change_root": lambda: os.chroot("/tmp"),
    "pivot_root": lambda: call("pivot_root", b"/tmp", b"/tmp"),
}
for name, step in STEPS.items():
    print("tried", name, attempt(step))


def agent(observation):
    return int(observation["action_mask"].argmax())
