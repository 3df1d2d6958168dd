"""Battle: strike at the weakest in reach, else close in on the nearest, else walk to the other side."""

import numpy as np

MOVES = np.array(
    [
        [-2, 0],
        [-1, -1],
        [-1, 0],
        [-1, 1],
        [0, -2],
        [0, -1],
        [0, 0],
        [0, 1],
        [0, 2],
        [1, -1],
        [1, 0],
        [1, 1],
        [2, 0],
    ]
)
"""Rows and columns that moves 0 to 12 lead to."""
STRIKES = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
FIRST_STRIKE = len(MOVES)
MIDDLE = 6


class Agent:
    lanes = 16

    def reset(self, start):
        self.forward = 1 if start.role == "red" else -1

    def act(self, observation):
        walls, friends, _, enemies, health = np.asarray(observation).transpose(2, 0, 1)
        reach = [
            (health[MIDDLE + r, MIDDLE + c], i)
            for i, (r, c) in enumerate(STRIKES)
            if enemies[MIDDLE + r, MIDDLE + c]
        ]
        if reach:
            return FIRST_STRIKE + min(reach)[1]
        found = np.argwhere(enemies > 0) - MIDDLE
        if len(found):
            # Where friends fight already there is more to win.
            near = np.abs(found[:, None] - (np.argwhere(friends > 0) - MIDDLE)[None]).max(axis=2)
            crowd = (near <= 2).sum(axis=1)
            goal = found[(np.abs(found).max(axis=1) - 0.7 * crowd).argmin()]
        else:
            goal = np.array([0, 3 * self.forward])
        taken = walls + friends + enemies
        costs = np.abs(goal - MOVES).max(axis=1) + 0.1 * np.abs(goal - MOVES).sum(axis=1)
        blocked = [taken[MIDDLE + r, MIDDLE + c] > 0 and (r, c) != (0, 0) for r, c in MOVES]
        return int((costs + 9.0 * np.array(blocked)).argmin())
