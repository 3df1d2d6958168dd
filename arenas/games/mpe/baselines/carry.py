"""Treasure hunt: collectors share out the treasures and bring them in, banks come to meet the carriers."""

import numpy as np

PUSH = np.array([[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]], dtype=float)
ROOM = 0.16
"""Distance that collectors keep from each other; they bump at 0.1."""


def paths(velocity, strength):
    """Return where each action leads in one and in four turns."""
    speeds = 0.75 * velocity + strength * PUSH
    return 0.1 * velocity + 0.1 * speeds, 0.1 * velocity + 0.4 * speeds


class Agent:
    lanes = 16

    def reset(self, start):
        self.is_collector = start.role == "collector"

    def act(self, observation):
        seen = np.asarray(observation, dtype=float)
        velocity, rest = seen[2:4], seen[4:]
        held = rest[:2] if self.is_collector else np.zeros(2)
        rest = rest[2:] if self.is_collector else rest
        others, treasures = rest[:56].reshape(7, 8), rest[56:].reshape(6, 4)
        if not self.is_collector:
            return self.meet(seen[:2], velocity, others)
        banks = others[others[:, 4:6].any(axis=1)]
        collectors = others[~others[:, 4:6].any(axis=1)]
        if held.any():
            goal = next((bank[:2] for bank in banks if bank[4:6] @ held), np.zeros(2))
        else:
            goal = self.choose(treasures[treasures[:, 2:].any(axis=1)], collectors)
        near, far = paths(velocity, 0.15)
        gaps = np.linalg.norm(near[:, None] - (collectors[:, :2] + 0.1 * collectors[:, 2:4])[None], axis=2)
        crowd = np.maximum(ROOM - gaps, 0.0).sum(axis=1)
        return int((np.linalg.norm(goal - far, axis=1) + 20.0 * crowd).argmin())

    def choose(self, treasures, collectors):
        """Take the nearest treasure that no other free collector has nearer."""
        if not len(treasures):
            return np.zeros(2)
        free = collectors[~collectors[:, 6:8].any(axis=1), :2]
        mine = np.linalg.norm(treasures[:, :2], axis=1)
        if len(free):
            theirs = np.linalg.norm(treasures[:, None, :2] - free[None], axis=2).min(axis=1)
            mine = mine + 2.0 * (theirs < mine)
        return treasures[mine.argmin(), :2]

    def meet(self, position, velocity, others):
        """Come nearer to the collectors that carry this bank's colour; else stand where all are."""
        other_bank = others[others[:, 4:6].any(axis=1)][0]
        own = 1 - int(other_bank[4:6].argmax())
        collectors = others[~others[:, 4:6].any(axis=1)]
        bringing = collectors[collectors[:, 6 + own] > 0]
        goal = bringing[0, :2] if len(bringing) else -position / 2
        return int(np.linalg.norm(goal - paths(velocity, 0.067)[1], axis=1).argmin())
