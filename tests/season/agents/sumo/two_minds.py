"""Two minds: draws each second whether to attack or to hold the centre, so nobody learns its ways."""

from math import atan2, cos, hypot

import numpy as np


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = np.random.default_rng(start.seed)
        self.turn = 0

    def act(self, observation):
        s = observation.tolist()
        if self.turn % 20 == 0:
            self.attacks = self.rng.random() < 0.3 + 0.6 * s[5]
            self.lean = float(self.rng.uniform(-0.4, 0.4))
        self.turn += 1
        centre_x, centre_y, x, y = s[0], s[1], s[6], s[7]
        own, near = hypot(centre_x, centre_y), hypot(x, y)
        home, face = atan2(centre_y, centre_x), atan2(y, x)
        if s[15] - own < 0.6 or (not self.attacks and own > 0.8 and near > 1.2):
            if abs(home) > 2.0:
                return [-1.0, turned(atan2(-centre_y, -centre_x)), 1.0 if s[15] - own < 0.3 else -1.0]
            return [max(0.0, cos(home)), turned(home), -1.0]
        if self.attacks or near < 1.2:
            aim = face + self.lean * min(1.0, near / 3)
            return [
                1.0 if abs(aim) < 1.0 else 0.0,
                turned(aim),
                1.0 if near < 1.8 and abs(face) < 0.35 else -1.0,
            ]
        return [0.0, turned(face), -1.0]


def turned(angle):
    return max(-1.0, min(1.0, 3 * angle))
