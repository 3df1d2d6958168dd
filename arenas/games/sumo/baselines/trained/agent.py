"""A small network, trained by playing against itself (see TRAINING.md); `weights.npz` holds its numbers."""

from pathlib import Path

import numpy as np

SCALE = np.array([5, 5, 5, 5, 4, 1, 5, 5, 1, 1, 5, 5, 4, 1, 5, 5, 6], np.float32)
THROTTLES = (1.0, 0.0, -1.0)
TURNS = (-1.0, -0.35, 0.0, 0.35, 1.0)
BOOSTS = (-1.0, 1.0)
HEADS = (slice(0, 3), slice(3, 8), slice(8, 10))


def features(rows):
    """(n, 17) observations to (n, 21): in units of about one, and how far both are from both edges."""
    own = np.hypot(rows[:, 0], rows[:, 1])
    other = np.hypot(rows[:, 6] - rows[:, 0], rows[:, 7] - rows[:, 1])
    margins = np.stack(
        [rows[:, 14] - own, rows[:, 14] - other, rows[:, 15] - own, rows[:, 15] - other], axis=1
    )
    return np.concatenate([rows / SCALE, margins / 2], axis=1)


def logits(weights, inputs):
    """(n, 21) features to (n, 10): three for the throttle, five for the turn, two for the boost."""
    one = np.tanh(inputs @ weights["w1"] + weights["b1"])
    two = np.tanh(one @ weights["w2"] + weights["b2"])
    return two @ weights["w3"] + weights["b3"]


class Agent:
    lanes = 16

    def __init__(self):
        self.has_choices = False
        with np.load(Path(__file__).parent / "weights.npz") as stored:
            self.weights = {name: stored[name].astype(np.float32) for name in stored.files}

    def reset(self, start):
        self.has_choices = start.action_space.kind == "discrete"

    def act(self, observation):
        found = logits(self.weights, features(observation[None]))[0]
        throttle, turn, boost = (int(found[head].argmax()) for head in HEADS)
        if self.has_choices:
            return 9 * boost + (3, 0, 6)[throttle] + (2, 2, 0, 1, 1)[turn]
        return np.array([THROTTLES[throttle], TURNS[turn], BOOSTS[boost]], np.float32)
