"""All workloads by name, and the machine they are measured on."""

import os
import platform
from functools import cache
from pathlib import Path
from typing import Final

from workers.bench.boards import CONNECT_FOUR, FRESH, LOCKSTEP
from workers.bench.boundary import BOUNDARY
from workers.bench.league import RATING, REPLAY_BYTES
from workers.bench.machines import COLD_START, MEMORY, WORKERS
from workers.bench.measuring import Workload
from workers.bench.models import ONNX
from workers.bench.physics import PHYSICS
from workers.bench.refits import LARGE_FIELD, REFIT
from workers.bench.spiel import OPENSPIEL
from workers.sandbox import open_launcher
from workers.spec import Isolation

WORKLOADS: Final[dict[str, Workload]] = {
    workload.name: workload
    for workload in (
        CONNECT_FOUR,
        LOCKSTEP,
        FRESH,
        BOUNDARY,
        *PHYSICS,
        WORKERS,
        COLD_START,
        ONNX,
        OPENSPIEL,
        MEMORY,
        RATING,
        REFIT,
        LARGE_FIELD,
        REPLAY_BYTES,
    )
}
GROWTH: Final = "growth"
"""The one workload that gives laws and not a rate."""
SAYS: Final = {name: workload.says for name, workload in WORKLOADS.items()} | {
    GROWTH: "How costs grow: with agents, bytes of an observation, matches played; each law has its bound."
}
"""What each measures, in a sentence or two."""
_BUSY: Final = 0.3
"""Load a core from other programs at which figures are not to be trusted."""


def machine() -> dict[str, object]:
    """Return what figures should be read with; ask before measuring, since that is a load of its own."""
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return {
        "cores": cores,
        "processor": _processor(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load": round(load, 1),
        "busy": load > _BUSY * cores,
        "isolation": isolation_here(),
    }


@cache
def isolation_here() -> str:
    """Return how agents are held on this host."""
    with open_launcher(minimum=Isolation.LANDLOCK_SECCOMP) as launcher:
        return f"level {int(launcher.isolation)} ({launcher.isolation.label})"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
