"""Asks for 600 MiB in every way that the data limit does not count.

row: 5
expected: ok
arena: connect_four-v3
why: shared, growing, locked and huge mappings, memfd, shm folders and System V segments are refused
tries: 9
"""

import mmap
import os

from workers.sandbox.probes import attempt
from workers.sandbox.syscalls import call

SIZE = 600 << 20
PRIVATE = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS


def mapped(flags):
    def step():
        mmap.mmap(-1, SIZE, flags=flags).close()

    return step


def memfd():
    os.ftruncate(os.memfd_create("hostile-trace"), SIZE)


def in_folder(folder):
    def step():
        with open(os.path.join(folder, "hostile-trace"), "wb") as file:
            for _ in range(SIZE >> 20):
                file.write(bytes(1 << 20))

    return step


STEPS = {
    "shared": mapped(mmap.MAP_SHARED | mmap.MAP_ANONYMOUS),
    "growing": mapped(PRIVATE | 0x100),
    "locked": mapped(PRIVATE | 0x2000),
    "huge_pages": mapped(PRIVATE | 0x40000),
    "memfd": memfd,
    "shm_folder": in_folder("/dev/shm"),
    "zero_device": lambda: os.open("/dev/zero", os.O_RDWR),
    "system_v": lambda: call("shmget", 0, SIZE, 0o1600),
    "page_tables": lambda: mmap.mmap(-1, 200 << 30, flags=PRIVATE, prot=mmap.PROT_READ),
}
for name, step in STEPS.items():
    print("tried", name, attempt(step))


def agent(observation):
    return int(observation["action_mask"].argmax())
