"""Patient: keeps its distance until its charge is full or the ring is small, then strikes."""

from math import atan2, cos, hypot


class Agent:
    lanes = 16

    def reset(self, start):
        self.strikes = False

    def act(self, observation):
        s = observation.tolist()
        centre_x, centre_y, charge, x, y = s[0], s[1], s[5], s[6], s[7]
        near, face = hypot(x, y), atan2(y, x)
        if charge > 0.95 or s[14] < 2.6:
            self.strikes = True
        if charge < 0.06 and s[14] >= 2.6:
            self.strikes = False
        if self.strikes or near < 1.2:
            return [1.0, turned(face), 1.0 if abs(face) < 0.35 and near < 2.2 else -1.0]
        # A place on the far side of the centre from the other, half a metre out.
        other_x, other_y = x - centre_x, y - centre_y
        far = max(0.1, hypot(other_x, other_y))
        goal_x, goal_y = centre_x - 0.8 * other_x / far, centre_y - 0.8 * other_y / far
        if hypot(goal_x, goal_y) < 0.4:
            return [0.0, turned(face), -1.0]
        goal = atan2(goal_y, goal_x)
        if abs(goal) > 1.8:
            return [-1.0, turned(atan2(-goal_y, -goal_x)), -1.0]
        return [max(0.0, cos(goal)), turned(goal), -1.0]


def turned(angle):
    return max(-1.0, min(1.0, 3 * angle))
