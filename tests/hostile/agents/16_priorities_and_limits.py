"""Tries for a better priority, another core, wider limits, and to be spared when memory is short.

row: 16
expected: ok
arena: connect_four-v3
why: the filter and the dropped capabilities; the change of cores is answered without doing anything
threat: T1
tries: 12
"""

import os
import resource

from workers.sandbox.probes import attempt, hop_to_other_cores
from workers.sandbox.syscalls import call


def write(path):
    def step():
        with open(path, "w") as file:
            file.write("-1000")

    return step


def raise_limit(which, most=-1):
    def step():
        try:
            resource.setrlimit(which, (most, most))
        except ValueError as error:  # The interpreter's word for EPERM.
            raise PermissionError(1, "setrlimit") from error

    return step


param = os.sched_param(1)
STEPS = {
    "nice": lambda: os.nice(-5),
    "priority_of_process": lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
    "priority_of_user": lambda: os.setpriority(os.PRIO_USER, 0, -5),
    "first_in_first_out": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, param),
    "round_robin": lambda: os.sched_setscheduler(0, os.SCHED_RR, param),
    "scheduler_parameters": lambda: os.sched_setparam(0, param),
    "raise_memory": raise_limit(resource.RLIMIT_DATA),
    "raise_files": raise_limit(resource.RLIMIT_NOFILE, 4096),
    "raise_time": raise_limit(resource.RLIMIT_CPU),
    "limits_of_others": lambda: call("prlimit64", 1 << 20, 7, bytes(16), None),
    "out_of_memory_score": write("/proc/self/oom_score_adj"),
}
for name, step in STEPS.items():
    print("tried", name, attempt(step))
print("tried", "other_cores", hop_to_other_cores())


def agent(observation):
    return int(observation["action_mask"].argmax())
