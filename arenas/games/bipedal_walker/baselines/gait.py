"""Walks in three states; after `BipedalWalkerHeuristics` in gymnasium/envs/box2d/bipedal_walker.py."""

import numpy as np

STAND, PUT_DOWN, PUSH_OFF = range(3)
SPEED = 0.29  # it falls forward when faster
SUPPORT_KNEE = 0.1


class Agent:
    lanes = 16

    def reset(self, start):
        self.state = STAND
        self.moving = 0
        self.knee = SUPPORT_KNEE

    def act(self, observation):
        s = [float(v) for v in observation]
        hips, knees = self.targets(s)
        action = np.zeros(4, dtype=np.float32)
        for leg in (0, 1):
            hip_angle, hip_speed, knee_angle, knee_speed = s[4 + 5 * leg : 8 + 5 * leg]
            hip = 0.9 * (hips[leg] - hip_angle) - 0.25 * hip_speed if hips[leg] is not None else 0.0
            knee = 4.0 * (knees[leg] - knee_angle) - 0.25 * knee_speed if knees[leg] is not None else 0.0
            hip += 0.9 * s[0] + 1.5 * s[1]  # keep the head straight
            knee -= 15.0 * s[3]  # damp the bouncing
            action[2 * leg], action[2 * leg + 1] = 0.5 * hip, 0.5 * knee
        return np.clip(action, -1.0, 1.0)

    def targets(self, s):
        """Return the wanted hip and knee angles of both legs and step the state machine."""
        hips, knees = [None, None], [None, None]
        moving, standing = self.moving, 1 - self.moving
        if self.state == STAND:
            hips[moving], knees[moving] = 1.1, -0.6
            self.knee = min(self.knee + (0.06 if s[2] > SPEED else 0.03), SUPPORT_KNEE)
            knees[standing] = self.knee
            if s[4 + 5 * standing] < 0.10:  # the supporting leg is behind
                self.state = PUT_DOWN
        if self.state == PUT_DOWN:
            hips[moving], knees[moving] = 0.1, SUPPORT_KNEE
            knees[standing] = self.knee
            if s[8 + 5 * moving]:  # the foot has touched the ground
                self.state = PUSH_OFF
                self.knee = min(s[6 + 5 * moving], SUPPORT_KNEE)
        if self.state == PUSH_OFF:
            knees[moving], knees[standing] = self.knee, 1.0
            if s[6 + 5 * standing] > 0.88 or s[2] > 1.2 * SPEED:
                self.state = STAND
                self.moving = standing
        return hips, knees
