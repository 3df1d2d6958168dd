"""Only defends: takes the cell where the other has most in a line that is still open; never plans a win."""

import random

import numpy as np

LINES = [
    tuple((row + n * down, column + n * right) for n in range(4))
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1))
    for row in range(6)
    for column in range(7)
    if row + 3 * down < 6 and 0 <= column + 3 * right < 7
]


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        mine, theirs = (observation["observation"][..., plane] for plane in (0, 1))
        filled = (mine + theirs).sum(axis=0)
        free = [int(column) for column in np.flatnonzero(observation["action_mask"])]
        return max(free, key=lambda column: self.danger(mine, theirs, 5 - int(filled[column]), column))

    def danger(self, mine, theirs, row, column):
        danger = self.rng.random()
        for line in LINES:
            if (row, column) in line and not any(mine[cell] for cell in line):
                danger += 10 ** sum(int(theirs[cell]) for cell in line)
        return danger
