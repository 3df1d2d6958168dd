"""Drives at the other and boosts when it is well aimed; turns back before the edge."""

from math import atan2, hypot

import numpy as np


class Agent:
    lanes = 16

    def __init__(self):
        self.has_choices = False

    def reset(self, start):
        self.has_choices = start.action_space.kind == "discrete"

    def act(self, observation):
        throttle, turn, boost = order(observation.tolist())
        if self.has_choices:
            return 9 * boost + 3 * sign(throttle) + (sign(turn) if abs(turn) > 0.3 else 0)
        return np.array([throttle, turn, 1.0 if boost else -1.0], np.float32)


def sign(number):
    """Return what the number of a choice counts: 0 for none, 1 for ahead (to the left), 2 for back."""
    return 1 if number > 0 else 2 if number < 0 else 0


def order(s):
    """Return throttle, turn and whether to boost."""
    centre_x, centre_y, ahead, _, _, charge, x, y = s[:8]
    radius = s[15] if s[16] < 1.0 else s[14]
    margin = radius - hypot(centre_x, centre_y)
    outwards = -(centre_x * ahead) > 0  # the centre lies behind the way it moves
    if margin < 0.5 or (margin < 1.2 and outwards and abs(ahead) > 1.5 and hypot(x, y) > 1.3):
        return drive(centre_x, centre_y, boost=margin < 0.3, reverses=True)
    near = hypot(x, y)
    lead = min(0.4, 0.15 * near)
    return drive(
        x + lead * s[10], y + lead * s[11], boost=near < 1.8 and abs(atan2(y, x)) < 0.3 and charge > 0.2
    )


def drive(x, y, boost, reverses=False):
    """Return the order that drives to a place."""
    angle = atan2(y, x)
    if reverses and abs(angle) > 2.0:
        return -1.0, min(1.0, max(-1.0, 3 * atan2(-y, -x))), boost
    return 1.0 if abs(angle) < 0.9 else 0.0, min(1.0, max(-1.0, 3 * angle)), boost
