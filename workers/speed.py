"""How fast this host is, against the machine the default limits were chosen on."""

import time

import numpy as np

REFERENCE_SECONDS = 0.0020
"""What `_work` took on the reference machine: the median of 51 runs."""
_RUNS = 7


def _work() -> float:
    """Do a fixed piece of work of the kind agents do: a little Python, a little linear algebra."""
    matrix = np.outer(np.linspace(0.1, 1.0, 96), np.linspace(1.0, 0.1, 96)) + np.eye(96)
    total = 0.0
    for step in range(40):
        total += float(np.tanh(matrix @ matrix)[step, step])
        total += sum(value * value for value in range(400)) % 7
    return total


def measured_speed() -> float:
    """Return this host's speed; 1 is the reference machine, 0.5 takes twice as long. Takes about 15 ms."""
    seconds = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        _work()
        seconds.append(time.perf_counter() - started)
    return round(REFERENCE_SECONDS / sorted(seconds)[_RUNS // 2], 3)
