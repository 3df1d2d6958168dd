"""Matador: waits, steps aside when the other comes at it fast, and pushes from behind while it passes."""

from math import atan2, cos, hypot


class Agent:
    lanes = 16

    def reset(self, start):
        self.dodge = 0
        self.side = 1.0

    def act(self, observation):
        s = observation.tolist()
        centre_x, centre_y, x, y = s[0], s[1], s[6], s[7]
        near, face = max(0.1, hypot(x, y)), atan2(y, x)
        closing = -((s[10] - s[2]) * x + (s[11] - s[3]) * y) / near
        away = hypot(centre_x, centre_y)
        if self.dodge:
            self.dodge -= 1
            return [-1.0 if self.dodge > 3 else 1.0, self.side, -1.0]
        if closing > 2.6 and 1.2 < near < 2.6 and abs(face) < 0.8 and s[13] > 0.1:
            self.dodge = 9
            self.side = 1.0 if centre_y < 0 else -1.0
            return [-1.0, self.side, -1.0]
        # The other looks away, or stands: now is the time.
        looks = -(x * s[8] + y * s[9]) / near
        if near < 1.6 or looks < 0.3:
            return [1.0, turned(face), 1.0 if abs(face) < 0.35 and near < 1.8 else -1.0]
        if away > 0.6 * s[14]:
            home = atan2(centre_y, centre_x)
            return [max(0.0, cos(home)), turned(home), -1.0]
        return [0.0, turned(face), -1.0]


def turned(angle):
    return max(-1.0, min(1.0, 3 * angle))
