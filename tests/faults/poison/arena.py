"""An arena that kills the worker which plays it: the referee and the pool process above it."""

import os
import signal
from pathlib import Path

import gymnasium
import numpy as np

from arenas.spec import ArenaSpec, Baseline

_RANDOM = Path(__file__).resolve().parents[3] / "arenas" / "games" / "random_agent.py"

SPECS = (
    ArenaSpec(
        id="poison-v0",
        title="Poison",
        summary="Kills whoever plays it.",
        kind="gymnasium",
        environment="arena:Poison",
        seats=1,
        objective="score",
        swaps_seats=False,
        max_turns=10,
        baselines=(Baseline("random", "Random", _RANDOM),),
    ),
)


class Poison(gymnasium.Env):
    """Resets well, and takes the worker with it at the first step."""

    observation_space = gymnasium.spaces.Box(0.0, 1.0, (1,), np.float32)
    action_space = gymnasium.spaces.Discrete(2)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return np.zeros(1, np.float32), {}

    def step(self, action):
        os.kill(os.getppid(), signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("unreachable")
