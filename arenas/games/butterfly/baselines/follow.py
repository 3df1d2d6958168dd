"""Cooperative pong: find the ball in the picture, move to its height."""

import numpy as np

LEFT, RIGHT = 10, 420
"""Columns between the left paddle and the foremost tier of the right one."""
SLACK = 7


class Agent:
    def reset(self, start):
        self.is_left = start.seat == 0
        self.before = None

    def act(self, observation):
        lit = np.asarray(observation)[:, :, 0] > 127
        paddle = np.flatnonzero(lit[:, 2 if self.is_left else -3])
        ball = np.argwhere(lit[:, LEFT:RIGHT])
        if not len(ball) or not len(paddle):
            return 0
        row, column = ball.mean(axis=0)
        column += LEFT
        goal = self.landing(row, column)
        self.before = row, column
        gap = goal - paddle.mean()
        return 0 if abs(gap) < SLACK else 2 if gap > 0 else 1

    def landing(self, row, column):
        """Return the row where the ball reaches this side, or the middle while it flies away."""
        if self.before is None:
            return row
        up, across = row - self.before[0], column - self.before[1]
        if across == 0 or (across < 0) != self.is_left:
            return 0.5 * row + 70
        turns = ((LEFT if self.is_left else RIGHT) - column) / across
        place = (row + up * turns - 5) % 540
        return 5 + min(place, 540 - place)
