"""Pistonball as a slope: a piston goes down while the ball is to its right, and up behind it.

A strip is 120 pixels wide: the left neighbour's 40 columns, the own 40, the right neighbour's 40. Rows run
from the ceiling down; no piston reaches above row 380, so what is blue there is the ball.
"""

import numpy as np

DOWN, UP = np.array([-1.0], np.float32), np.array([1.0], np.float32)
ABOVE_PISTONS = 380
WIDTH, RADIUS = 120, 40
TURNING_POINT = 50
"""Column the ball's centre must have passed: pushed from its very middle (60), it sometimes rolls back."""


def ball_centre(strip):
    """Return the column of the ball's centre, perhaps outside of the strip; None if no part is in it."""
    rows = strip[:ABOVE_PISTONS:4]
    columns = np.flatnonzero(((rows[:, :, 0] < 128) & (rows[:, :, 2] > 200)).any(axis=0))
    if not len(columns):
        return None
    first, last = columns[0], columns[-1]
    if first == 0 and last < WIDTH - 1:
        return last - RADIUS
    if last == WIDTH - 1 and first > 0:
        return first + RADIUS
    return (first + last) / 2


class Agent:
    lanes = 16

    def reset(self, start):
        self.is_behind = False  # the ball starts at the right wall, so it is to the right of everyone

    def act(self, observation):
        centre = ball_centre(observation)
        if centre is not None:
            self.is_behind = centre < TURNING_POINT
        return UP if self.is_behind else DOWN
