"""Runs code it wrote itself, from a writable page, and programs from memory.

row: 43
expected: ok
arena: connect_four-v3
why: code of its own is allowed and harmless; programs are refused, from a file, from memory, from anywhere
threat: T1
tries: 5
"""

import ctypes
import mmap
import os
import platform
import shutil
import sys

from workers.sandbox.probes import attempt

FORTY_TWO = {"x86_64": "b82a000000c3", "aarch64": "40058052c0035fd6"}[platform.machine()]
flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
code = mmap.mmap(-1, 4096, flags=flags, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex(FORTY_TWO))
assert ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))() == 42


def from_memory():
    fd = os.memfd_create("hostile-trace")
    os.write(fd, b"#!/bin/true\n")
    os.execve(fd, ["true"], {})


def from_scratch():
    shutil.copyfile(ctypes.__file__, "/tmp/hostile-trace")
    os.execv("/tmp/hostile-trace", ["true"])


def library_from_scratch():
    """The scratch folder maps nothing executable; its own memory may hold code anyway."""
    with open("/tmp/hostile-trace", "wb") as file:
        file.write(bytes(4096))
    with open("/tmp/hostile-trace", "rb") as file:
        mmap.mmap(file.fileno(), 4096, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC)


print("tried library_from_scratch", attempt(library_from_scratch))
print("tried program_from_memory", attempt(from_memory))
print("tried program_from_scratch", attempt(from_scratch))
print("tried shell", attempt(lambda: os.execv("/bin/sh", ["sh", "-c", "true"])))
print("tried python", attempt(lambda: os.execv(sys.executable, ["python", "-c", ""])))


def agent(observation):
    return int(observation["action_mask"].argmax())
