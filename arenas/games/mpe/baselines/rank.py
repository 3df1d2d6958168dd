"""Line up: every seat has its own part of the line, so nobody need see the others."""

import numpy as np

PUSH = np.array([[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]], dtype=float)


def steer(goal, velocity, strength=0.5):
    """Return the action after which gliding on would end nearest to the goal."""
    speeds = 0.75 * velocity + strength * PUSH
    return int(np.linalg.norm(goal - 0.1 * velocity - 0.4 * speeds, axis=1).argmin())


class Agent:
    lanes = 16

    def reset(self, start):
        self.part = start.seat / (start.seats - 1)

    def act(self, observation):
        seen = np.asarray(observation, dtype=float)
        first, last = seen[4:6], seen[6:8]
        return steer(first + self.part * (last - first), seen[:2])
