"""Circler: rides round the other at two metres and cuts in when it sees its flank or its back."""

from math import atan2, cos, hypot, pi, sin


class Agent:
    lanes = 16

    def reset(self, start):
        self.way = 1.0

    def act(self, observation):
        s = observation.tolist()
        centre_x, centre_y, x, y = s[0], s[1], s[6], s[7]
        near, face = hypot(x, y), atan2(y, x)
        # The angle under which the other sees this machine: 0 is right ahead of its blade.
        seen = atan2(-x * s[9] + -y * -s[8], -x * s[8] - y * s[9])
        if abs(seen) > 0.9 and near < 3.0:
            return [1.0, turned(face), 1.0 if near < 2.2 and abs(face) < 0.4 else -1.0]
        if near < 1.15:
            return [1.0, turned(face), 1.0]
        # A point on the circle, a bit further round; the way that leads over the middle of the ring.
        if s[14] - hypot(centre_x, centre_y) < 0.9:
            self.way = -self.way
            return [1.0, turned(atan2(centre_y, centre_x)), -1.0]
        around = atan2(-y, -x) + self.way * 0.6
        radius = min(2.0, 0.6 * s[14])
        goal = atan2(y + radius * sin(around), x + radius * cos(around))
        return [1.0 if abs(goal) < pi / 2 else 0.2, turned(goal), -1.0]


def turned(angle):
    return max(-1.0, min(1.0, 3 * angle))
