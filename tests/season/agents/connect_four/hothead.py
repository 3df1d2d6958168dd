"""Only attacks: lengthens its own best line and takes wins, but never looks at what the other threatens."""

import random

import numpy as np

STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        mine, theirs = (observation["observation"][..., plane] for plane in (0, 1))
        filled = (mine + theirs).sum(axis=0)
        free = [int(column) for column in np.flatnonzero(observation["action_mask"])]
        return max(free, key=lambda column: self.length(mine, theirs, 5 - int(filled[column]), column))

    def length(self, mine, theirs, row, column):
        """Return the longest run through this cell, counting only runs that have room to become four."""
        best = 0.0
        for down, right in STEPS:
            run = room = 1
            for sign in (1, -1):
                is_unbroken = True
                for n in range(1, 4):
                    r, c = row + sign * n * down, column + sign * n * right
                    if not (0 <= r < 6 and 0 <= c < 7) or theirs[r, c]:
                        break
                    room += 1
                    is_unbroken = is_unbroken and bool(mine[r, c])
                    run += is_unbroken
            if room >= 4:
                best = max(best, run)
        return best + self.rng.random() / 2
