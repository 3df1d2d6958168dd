"""Decoy for both roles: good agents cover both landmarks, the adversary makes the most of what it sees."""

import numpy as np

PUSH = np.array([[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]], dtype=float)


def steer(goal, velocity, strength=0.5):
    """Return the action after which gliding on would end nearest to the goal."""
    speeds = 0.75 * velocity + strength * PUSH
    return int(np.linalg.norm(goal - 0.1 * velocity - 0.4 * speeds, axis=1).argmin())


class Agent:
    lanes = 16

    def reset(self, start):
        self.is_adversary = start.role == "adversary"
        self.before = None

    def act(self, observation):
        seen = np.asarray(observation, dtype=float).reshape(-1, 2)
        landmarks = seen[:2] if self.is_adversary else seen[1:3]
        # Its own speed is not told, but landmarks stand still.
        velocity = np.zeros(2) if self.before is None else (self.before - landmarks[0]) / 0.1
        self.before = landmarks[0]
        # Speed after this turn's glide: what was measured is one push behind.
        goal = self.guess(landmarks, seen[2:4]) if self.is_adversary else self.share(seen, landmarks)
        return steer(goal, velocity)

    def share(self, seen, landmarks):
        """Take the nearer sharing of both landmarks with the other good agent, whose place is told last."""
        friend = seen[-1]
        gaps = np.linalg.norm(landmarks, axis=1)
        others = np.linalg.norm(landmarks - friend, axis=1)
        return landmarks[0] if gaps[0] + others[1] <= gaps[1] + others[0] else landmarks[1]

    def guess(self, landmarks, agents):
        """Stand by the landmark that draws the agents, between both where each has one."""
        gaps = np.linalg.norm(landmarks[:, None] - agents[None], axis=2).min(axis=1)
        pull = np.exp(-4.0 * gaps)
        return (pull[:, None] * landmarks).sum(axis=0) / pull.sum()
