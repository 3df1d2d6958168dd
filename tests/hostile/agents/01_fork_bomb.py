"""Forks, clones, spawns and starts programs as often as it can.

row: 1
expected: ok
arena: connect_four-v3
why: the filter refuses every way to make a process; the agent catches the errors and plays on
tries: 8
"""

import ctypes
import multiprocessing
import os
import subprocess
import sys

from workers.sandbox.probes import attempt
from workers.sandbox.syscalls import call

LIBC = ctypes.CDLL(None, use_errno=True)


def fork():
    if os.fork() == 0:
        os._exit(0)


def many():
    for _ in range(200):
        try:
            fork()
        except OSError as error:
            last = error
        else:
            return
    raise last


def clone():
    if call("clone", 17, None, None, None, None) == 0:
        os._exit(0)


def clone3():
    if call("clone3", bytes(32) + (17).to_bytes(8, "little") + bytes(48), 88) == 0:
        os._exit(0)


def c_library():
    child = LIBC.fork()
    if child == 0:
        os._exit(0)
    if child < 0:
        raise OSError(ctypes.get_errno(), "fork")


def pool():
    multiprocessing.get_context("fork").Process(target=os._exit, args=(0,)).start()


STEPS = {
    "fork": fork,
    "fork_200_times": many,
    "fork_in_c": c_library,
    "clone": clone,
    "clone3": clone3,
    "spawn": lambda: os.posix_spawn("/usr/bin/true", ["true"], {}),
    "subprocess": lambda: subprocess.run([sys.executable, "-c", ""], check=False),
    "multiprocessing": pool,
}
tried = False


def agent(observation):
    global tried
    if not tried:
        tried = True
        for name, step in STEPS.items():
            print("tried", name, attempt(step), flush=True)
    return int(observation["action_mask"].argmax())
