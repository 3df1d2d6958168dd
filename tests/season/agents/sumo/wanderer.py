"""Wanderer: a random walk of short moods that fears the edge and knows nothing of the other."""

from math import atan2, hypot

import numpy as np


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = np.random.default_rng(start.seed)
        self.left = 0

    def act(self, observation):
        s = observation.tolist()
        centre_x, centre_y = s[0], s[1]
        if s[14] - hypot(centre_x, centre_y) < 1.2:
            angle = atan2(centre_y, centre_x)
            return [1.0 if abs(angle) < 1.2 else 0.0, max(-1.0, min(1.0, 3 * angle)), -1.0]
        if self.left == 0:
            self.left = int(self.rng.integers(4, 16))
            low, high = (-0.3, -1.0, -1.0), (1.0, 1.0, 0.4)
            self.mood = self.rng.uniform(low, high).tolist()
        self.left -= 1
        return self.mood
