"""How fast this host is against the machine the default limits were chosen on, and what that does to limits.

How it works. A fixed piece of work is run for a while and the fastest run counts: other programs only ever
make a run slower, so that the fastest one says what the machine can do whatever else it does just now. (On a
machine with eight busy programs the median of seven runs gave speeds from 0.02 to 1.3, the fastest of thirty
1.00 to 1.03.) A worker measures once, at its start; all its matches are played with the same limits.
"""

import time
from collections.abc import Callable, Iterator
from typing import Final

import msgspec
import numpy as np

from workers.spec import LimitsSpec

REFERENCE_SECONDS: Final = 0.0015
"""The fastest run of `_work` on the reference machine, a core of an AMD EPYC server."""
_LEAST_RUNS: Final = 15
_LONGEST_SECONDS: Final = 0.3
_FACTORS: Final = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)
"""What limits may be multiplied by: few steps, so that a worker gets the same one after every start."""
_TOLERANCE: Final = 1.1
"""A worker slower than a step by less than this share still gets that step."""


def _work() -> float:
    """Do a fixed piece of work of the kind agents do: a little Python, a little linear algebra."""
    matrix = np.outer(np.linspace(0.1, 1.0, 96), np.linspace(1.0, 0.1, 96)) + np.eye(96)
    total = 0.0
    for step in range(40):
        total += float(np.tanh(matrix @ matrix)[step, step])
        total += sum(value * value for value in range(400)) % 7
    return total


def measured_speed(work: Callable[[], float] = _work) -> float:
    """Return this host's speed; 1 is the reference machine, 0.5 takes twice as long.

    Takes 0.03 s on an idle machine and 0.3 s on a busy one, or 15 runs of `work` where they take longer.
    """
    return round(REFERENCE_SECONDS / min(_durations(work)), 3)


def _durations(work: Callable[[], float]) -> Iterator[float]:
    """Yield how long each run took, until the fastest three agree within 2 %, or the time is up."""
    fastest: list[float] = []
    until = time.perf_counter() + _LONGEST_SECONDS
    runs = 0
    while runs < _LEAST_RUNS or (fastest[-1] > 1.02 * fastest[0] and time.perf_counter() < until):
        started = time.perf_counter()
        work()
        took = time.perf_counter() - started
        yield took
        runs += 1
        fastest = sorted([*fastest, took])[:3]


def limit_factor(speed: float) -> float:
    """Return what limits in seconds are multiplied by on a worker of this speed: 1 to 4, in steps.

    Never below 1: agents are written against the printed limit, and one that searches for 0.9 s of a second
    must not lose on a machine that is faster than ours. Never above 4: a worker slower than that belongs out
    of the league, and a mistaken measurement must not give a hanging agent minutes.
    """
    wanted = 1.0 / speed if speed > 0 else _FACTORS[-1]
    return next((factor for factor in _FACTORS if wanted <= factor * _TOLERANCE), _FACTORS[-1])


def scaled_limits(limits: LimitsSpec, factor: float) -> LimitsSpec:
    """Return limits with every duration multiplied; bytes and threads stay."""
    longer = {
        name: getattr(limits, name) * factor
        for name in LimitsSpec.__struct_fields__
        if name.endswith("_seconds")
    }
    return msgspec.structs.replace(limits, **longer)
