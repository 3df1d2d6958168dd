"""Starts 500 threads that all wait.

row: 2
expected: ok
arena: connect_four-v3
why: the limit of processes counts threads; the interpreter says that it cannot start another one
tries: 1
"""

import threading

LIMIT = 16


def agent(observation):
    gate = threading.Event()
    started = 0
    try:
        for _ in range(500):
            threading.Thread(target=gate.wait, daemon=True).start()
            started += 1
    except RuntimeError:
        pass
    finally:
        gate.set()
    if observation["observation"].sum() <= 1:
        print("tried", "more_threads_than_allowed", "OPEN" if started > LIMIT else "refused")
    return int(observation["action_mask"].argmax())
