"""Tries to leave a daemon behind: forks twice, and makes a session of its own.

row: 22
expected: ok
arena: connect_four-v3
why: no fork; what the process namespace holds dies with its first process
tries: 3
"""

import os

from workers.sandbox.probes import attempt


def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                pass
        os._exit(0)


print("tried daemon", attempt(daemon))
print("tried session", attempt(os.setsid))
print("tried group", attempt(lambda: os.setpgid(0, 0)))


def agent(observation):
    return int(observation["action_mask"].argmax())
