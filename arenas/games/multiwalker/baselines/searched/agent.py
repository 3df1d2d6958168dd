"""Shuffles forward under the package: a stance whose joints swing in rhythm.

Its nineteen numbers were found by search (`arenas.games.search` made `numbers.npy`), which began at the
stance without any swing.
"""

from math import sin
from pathlib import Path

import numpy as np

# Rest angles of hip, knee, hip, knee; pull and brake of hips and of knees; pull and brake of the head.
STANCE = [0.97, 0.33, -0.14, 0.55, 3.5, 0.3, 2.25, 0.7, 0.3, 1.0]
# Swing in radians and phase of each joint, and the turns of one swing in radians a turn.
SWING = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.25]
START = STANCE + SWING
SPREAD = [0.1, 0.1, 0.1, 0.1, 0.5, 0.1, 0.5, 0.2, 0.3, 0.5] + [0.15] * 4 + [2.0] * 4 + [0.1]


class Agent:
    lanes = 16

    def __init__(self, numbers=None):
        found = np.load(Path(__file__).parent / "numbers.npy") if numbers is None else numbers
        self.numbers = found.tolist()

    def reset(self, start):
        self.turn = 0

    def act(self, observation):
        s, n = observation.tolist(), self.numbers
        self.turn += 1
        goals = [n[j] + n[10 + j] * sin(n[18] * self.turn + n[14 + j]) for j in range(4)]
        head = n[8] * s[0] + n[9] * s[1]
        action = []
        for leg in (0, 1):
            hip_angle, hip_speed, knee_angle, knee_speed = s[4 + 5 * leg : 8 + 5 * leg]
            action.append(n[4] * (goals[2 * leg] - hip_angle) - n[5] * hip_speed + head)
            action.append(n[6] * (goals[2 * leg + 1] - knee_angle) - n[7] * knee_speed)
        return np.clip(np.array(action, dtype=np.float32), -1.0, 1.0)
