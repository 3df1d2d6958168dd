"""Feint: threatens and backs off until the other has wasted its charge, and only then comes in earnest."""

from math import atan2, hypot


class Agent:
    lanes = 16

    def reset(self, start):
        self.turn = 0

    def act(self, observation):
        s = observation.tolist()
        centre_x, centre_y, charge, x, y, theirs = s[0], s[1], s[5], s[6], s[7], s[13]
        near, face = hypot(x, y), atan2(y, x)
        self.turn += 1
        is_earnest = charge > theirs + 0.15 or s[14] < 2.1 or self.turn > 260
        if s[15] - hypot(centre_x, centre_y) < 0.7:
            home = atan2(centre_y, centre_x)
            if abs(home) > 1.8:
                return [-1.0, turned(atan2(-centre_y, -centre_x)), 1.0]
            return [1.0, turned(home), 1.0 if abs(home) < 0.5 else -1.0]
        if is_earnest or near < 1.1:
            return [
                1.0 if abs(face) < 1.0 else 0.0,
                turned(face),
                1.0 if abs(face) < 0.3 and near < 1.7 else -1.0,
            ]
        if near > 2.4:
            return [1.0 if abs(face) < 1.0 else 0.0, turned(face), -1.0]
        return [-1.0, turned(face), -1.0]


def turned(angle):
    return max(-1.0, min(1.0, 3 * angle))
