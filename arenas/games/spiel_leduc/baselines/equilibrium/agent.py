"""Leduc hold'em by a mixed strategy near the equilibrium; `solve.py` of the arena makes the table."""

import random
from pathlib import Path

import numpy as np

TABLE = np.load(Path(__file__).parent / "strategy.npz")
CHANCES = dict(zip(TABLE["keys"].tolist(), TABLE["chances"].tolist(), strict=True))


def key_of(seen):
    """Return the 30 zeros and ones of an information state as one number."""
    return sum(1 << int(index) for index in seen.nonzero()[0])


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        chances = CHANCES[key_of(observation["observation"])]
        legal = observation["action_mask"].nonzero()[0].tolist()
        return self.rng.choices(legal, weights=[chances[action] + 1e-9 for action in legal])[0]
