"""Pong from memory: hold the bat where the ball will be, serve when the ball is out."""

import numpy as np

BALL_X, BALL_Y = 49, 54
BAT = (51, 50)
"""Where the memory keeps the height of the first and of the second player's bat."""
NOTHING, SERVE, UP, DOWN = 0, 1, 2, 3
LOW, HIGH = 44, 207
CENTRE = 5
SLACK = 6


class Agent:
    lanes = 16

    def reset(self, start):
        self.seat = start.seat
        self.before = None

    def act(self, observation):
        memory = np.asarray(observation).astype(int)
        ball = memory[BALL_X], memory[BALL_Y]
        bat = memory[BAT[self.seat]]
        if ball[1] == 0:
            self.before = None
            return SERVE
        goal = self.landing(ball)
        self.before = ball
        gap = goal - CENTRE - bat
        return NOTHING if abs(gap) < SLACK else DOWN if gap > 0 else UP

    def landing(self, ball):
        """Return the height at which the ball will pass the bat; the middle while it flies away."""
        if self.before is None:
            return ball[1]
        across, down = ball[0] - self.before[0], ball[1] - self.before[1]
        comes = across > 0 if self.seat == 0 else across < 0
        if not comes:
            return 0.5 * ball[1] + 0.25 * (LOW + HIGH)
        edge = 188 if self.seat == 0 else 64
        turns = max((edge - ball[0]) / across, 0.0)
        place = (ball[1] + down * turns - LOW) % (2 * (HIGH - LOW))
        return LOW + min(place, 2 * (HIGH - LOW) - place)
