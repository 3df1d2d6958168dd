"""What every agent has loaded at once: imported in the process that forks agents, before it forks any."""

import gc
import importlib
import os

from workers import runner


def warm(preload: tuple[str, ...]) -> None:
    """Import the preload list, check that it left no thread behind, and keep the garbage collector off it.

    Raises:
        OSError: a library started a thread, which a fork would lose.
        ImportError: a library is missing.
    """
    for name in preload:
        importlib.import_module(name)
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise OSError(f"a preloaded library keeps {threads - 1} thread(s) running")
    runner.prepare_imports()
    gc.collect()
    gc.freeze()
