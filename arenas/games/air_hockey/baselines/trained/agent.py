"""A small network, trained by playing (see TRAINING.md); `one.npz` and `two.npz` hold its numbers."""

from math import atan2, pi
from pathlib import Path

import numpy as np

LEVELS = (-1.0, -0.5, 0.0, 0.5, 1.0)
HEADS = (slice(0, 5), slice(5, 10))
LENGTHS = {18: 5.0, 26: 6.5}  # half of the table, by how many numbers are seen
WIDTHS = {18: 2.4, 26: 3.2}  # half of the width that the puck's middle has
FILES = {18: "one.npz", 26: "two.npz"}


def scales(numbers):
    """Return what the numbers that are seen are divided by."""
    mallets = (numbers - 10) // 4
    return np.array([5, 3, 5, 5] * mallets + [5, 3, 8, 8, 20, 3, 3, 5, 40, 60], np.float32)


def features(rows):
    """(n, 18) or (n, 26) observations to (n, 27) or (n, 35): in units of about one, with what is not plain.

    Added: puck and own mallet apart, distance, the puck's velocity against the own, and where and when the
    puck comes to the own end, the cushions thrown back, and to the other's.
    """
    numbers = rows.shape[1]
    length, width = LENGTHS[numbers], WIDTHS[numbers]
    own, puck = rows[:, :4], rows[:, numbers - 10 : numbers - 6]
    apart = puck - own
    far = np.hypot(apart[:, 0], apart[:, 1])[:, None]
    added = [apart / 3, far / 3, np.minimum(far, 1.0)]
    for end in (0.8 - length, length):
        along = puck[:, 2]
        seconds = np.clip(
            (end - puck[:, 0]) / np.where(np.abs(along) < 0.3, np.copysign(0.3, end), along), -2, 2
        )
        y = (puck[:, 1] + puck[:, 3] * seconds + width) % (4 * width)
        y = np.where(y < 2 * width, y - width, 3 * width - y)
        is_coming = (seconds > 0) & (seconds < 2)
        added.append((is_coming * y / 2)[:, None])
        if end < 0:
            added.append((is_coming * (2 - seconds) / 2)[:, None])
    return np.concatenate([rows / scales(numbers), *added], axis=1).astype(np.float32)


def logits(weights, inputs):
    """(n, m) features to (n, 10): five for the speed along the table, five for that across it."""
    one = np.tanh(inputs @ weights["w1"] + weights["b1"])
    two = np.tanh(one @ weights["w2"] + weights["b2"])
    return two @ weights["w3"] + weights["b3"]


class Agent:
    lanes = 16

    def __init__(self):
        self.weights = {}
        self.has_choices = False

    def reset(self, start):
        self.has_choices = start.action_space.kind == "discrete"

    def act(self, observation):
        found = logits(self.of(len(observation)), features(observation[None]))[0]
        x, y = (LEVELS[int(found[head].argmax())] for head in HEADS)
        if self.has_choices:
            return 0 if x == y == 0 else 1 + round(atan2(y, x) * 4 / pi) % 8
        return np.array([x, y], np.float32)

    def of(self, numbers):
        """The weights for so many numbers that are seen; read once."""
        if numbers not in self.weights:
            with np.load(Path(__file__).parent / FILES[numbers]) as stored:
                self.weights[numbers] = {name: stored[name].astype(np.float32) for name in stored.files}
        return self.weights[numbers]
