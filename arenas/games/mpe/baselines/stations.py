"""Circle: every seat has its own corner, so nobody need see the others."""

import numpy as np

PUSH = np.array([[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]], dtype=float)
RADIUS = 0.5
FIRST = 0.2
"""Angle of seat 0; a little above zero, so that it does not become the last of the circle by a slip."""


def steer(goal, velocity, strength=0.5):
    """Return the action after which gliding on would end nearest to the goal."""
    speeds = 0.75 * velocity + strength * PUSH
    return int(np.linalg.norm(goal - 0.1 * velocity - 0.4 * speeds, axis=1).argmin())


class Agent:
    lanes = 16

    def reset(self, start):
        angle = FIRST + 2 * np.pi * start.seat / start.seats
        self.corner = RADIUS * np.array([np.cos(angle), np.sin(angle)])

    def act(self, observation):
        seen = np.asarray(observation, dtype=float)
        return steer(seen[4:6] + self.corner, seen[:2])
