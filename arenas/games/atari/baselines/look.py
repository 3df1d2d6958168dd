"""Pong from grey pictures: the bat follows the small bright spot between the bats."""

import numpy as np

NOTHING, SERVE, UP, DOWN = 0, 1, 2, 3
FIELD = slice(14, 77)
"""Rows of the field, below the scores and above the lower wall."""
BATS = (slice(73, 76), slice(8, 11))
"""Columns of the first player's bat, on the right, and of the second's."""
MIDDLE = slice(12, 72)
SLACK = 1.5


class Agent:
    lanes = 16

    def reset(self, start):
        self.seat = start.seat

    def act(self, observation):
        frame = np.asarray(observation)[FIELD, :, 3].astype(int)
        lit = np.abs(frame - np.bincount(frame.ravel()).argmax()) > 10
        bat = np.flatnonzero(lit[:, BATS[self.seat]].any(axis=1))
        ball = np.argwhere(lit[:, MIDDLE])
        if not len(ball):
            return SERVE
        if not len(bat):
            return NOTHING
        gap = ball[:, 0].mean() - bat.mean()
        return NOTHING if abs(gap) < SLACK else DOWN if gap > 0 else UP
