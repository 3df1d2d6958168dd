"""Tries every probe of the platform's own canary, and lives on when one lets it through.

row: 0
expected: ok
arena: connect_four-v3
why: what it prints is compared by the layer run; forks and programs are tried in children
told: yes
limits: load_seconds=10
within: 20
"""

import inspect
import json
import os

from workers.sandbox import probes

real_fork, real_execute = os.fork, os.execv


def fork():
    child = real_fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def execute(path, arguments):
    child = real_fork()
    if child == 0:
        try:
            real_execute(path, arguments)
        except OSError as error:
            os._exit(error.errno or 255)
    number = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if number:
        raise OSError(number, os.strerror(number))


os.fork, os.execv = fork, execute
with open(os.path.join(os.path.dirname(__file__), "told.json")) as file:
    told = json.load(file)
SIZES = {
    "canary": told["victim"],
    "pid": told["referee"],
    "memory_bytes": 192 << 20,
    "scratch_bytes": 4 << 20,
    "scratch_files": 2048,
    "threads": 216,
}
asked = {name: SIZES[name] for name in inspect.signature(probes.run_all).parameters}
for name, answer in probes.run_all(**asked).items():
    print("tried", name, "_".join(answer.split()) or "-")


def agent(observation):
    return int(observation["action_mask"].argmax())
