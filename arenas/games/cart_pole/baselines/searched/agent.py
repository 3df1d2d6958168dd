"""Balances the pole with one weighted sum; the four weights were found by random search from nothing.

`arenas.games.search` made `numbers.npy`.
"""

from pathlib import Path

import numpy as np

START, SPREAD = [0.0] * 4, [1.0] * 4


class Agent:
    lanes = 16

    def __init__(self, numbers=None):
        self.weights = np.load(Path(__file__).parent / "numbers.npy") if numbers is None else numbers

    def act(self, observation):
        return int(self.weights @ observation > 0)
