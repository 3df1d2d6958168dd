"""The scripted gait with its eighteen numbers found by search, begun at the scripted ones.

`arenas.games.search` made `numbers.npy`.
"""

from pathlib import Path
from types import SimpleNamespace

import numpy as np

STAND, PUT_DOWN, PUSH_OFF = range(3)
SCRIPTED = {
    "speed": 0.29,
    "support_knee": 0.10,
    "swing_hip": 1.10,
    "swing_knee": -0.60,
    "rise": 0.03,
    "behind": 0.10,
    "down_hip": 0.10,
    "push_knee": 1.00,
    "bent": 0.88,
    "fast": 1.20,
    "hip_pull": 0.90,
    "hip_brake": 0.25,
    "knee_pull": 4.00,
    "knee_brake": 0.25,
    "head_pull": 0.90,
    "head_brake": 1.50,
    "bounce": 15.0,
    "gain": 0.50,
}
START = list(SCRIPTED.values())
SPREAD = [0.25 * abs(number) for number in START]


class Agent:
    lanes = 16

    def __init__(self, numbers=None):
        found = np.load(Path(__file__).parent / "numbers.npy") if numbers is None else numbers
        self.n = SimpleNamespace(**dict(zip(SCRIPTED, found.tolist(), strict=True)))

    def reset(self, start):
        self.state = STAND
        self.moving = 0
        self.knee = self.n.support_knee

    def act(self, observation):
        s = observation.tolist()
        hips, knees = self.targets(s)
        head = self.n.head_pull * s[0] + self.n.head_brake * s[1]
        action = []
        for leg in (0, 1):
            hip_angle, hip_speed, knee_angle, knee_speed = s[4 + 5 * leg : 8 + 5 * leg]
            hip, knee = head, -self.n.bounce * s[3]
            if hips[leg] is not None:
                hip += self.n.hip_pull * (hips[leg] - hip_angle) - self.n.hip_brake * hip_speed
            if knees[leg] is not None:
                knee += self.n.knee_pull * (knees[leg] - knee_angle) - self.n.knee_brake * knee_speed
            action += [self.n.gain * hip, self.n.gain * knee]
        return np.array([min(max(a, -1.0), 1.0) for a in action], dtype=np.float32)

    def targets(self, s):
        """Return the wanted hip and knee angles of both legs and step the state machine."""
        hips, knees = [None, None], [None, None]
        moving, standing = self.moving, 1 - self.moving
        if self.state == STAND:
            hips[moving], knees[moving] = self.n.swing_hip, self.n.swing_knee
            self.knee = min(self.knee + self.n.rise * (2 if s[2] > self.n.speed else 1), self.n.support_knee)
            knees[standing] = self.knee
            if s[4 + 5 * standing] < self.n.behind:
                self.state = PUT_DOWN
        if self.state == PUT_DOWN:
            hips[moving], knees[moving] = self.n.down_hip, self.n.support_knee
            knees[standing] = self.knee
            if s[8 + 5 * moving]:
                self.state = PUSH_OFF
                self.knee = min(s[6 + 5 * moving], self.n.support_knee)
        if self.state == PUSH_OFF:
            knees[moving], knees[standing] = self.knee, self.n.push_knee
            if s[6 + 5 * standing] > self.n.bent or s[2] > self.n.fast * self.n.speed:
                self.state = STAND
                self.moving = standing
        return hips, knees
