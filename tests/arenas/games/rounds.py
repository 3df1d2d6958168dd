"""A round of random play in one of our own worlds as a hash, in this process or in another one."""

import hashlib
import importlib
import os
import subprocess
import sys
import warnings
from typing import Any

import numpy as np


def fingerprint(environment: Any, seed: int, turns: int = 10_000) -> str:
    """Return a hash of all that every seat sees in a round of random play, or in its first turns.

    Args:
        environment: a Parallel one, whose seats have the same Box of actions from -1 to 1.
        seed: of the round and of the play.
        turns: so many at most.
    """
    rng = np.random.default_rng(seed)
    names = environment.possible_agents
    numbers = environment.action_space(names[0]).shape[0]
    seen, _ = environment.reset(seed=seed)
    digest = hashlib.sha256()
    for _ in range(turns):
        digest.update(b"".join(seen[name].tobytes() for name in names))
        drawn = rng.uniform(-1, 1, (len(names), numbers)).astype(np.float32)
        seen, *_ = environment.step(dict(zip(names, drawn, strict=True)))
        if not environment.agents:
            break
    return digest.hexdigest()


def fingerprint_elsewhere(environment: str, seed: int, turns: int = 10_000) -> str:
    """Return the fingerprint that another process with another hash seed finds; `module:Class`."""
    code = f"from {__name__} import show; show({environment!r}, {seed}, {turns})"
    variables = {
        **os.environ,
        "PYTHONHASHSEED": "99",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, check=True)
    return done.stdout.decode().split()[-1]


def show(environment: str, seed: int, turns: int) -> None:
    """Print a fingerprint; what the other process does."""
    module, _, name = environment.partition(":")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Box2D's own, as in `open_arena`.
        made = getattr(importlib.import_module(module), name)
    print(fingerprint(made(), seed, turns))
