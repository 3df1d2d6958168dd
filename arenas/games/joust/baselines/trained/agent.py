"""A small network that chooses, trained by self-play (see TRAINING.md); for both variants of joust."""

from math import atan2, pi, sin
from pathlib import Path

import numpy as np

_HULL, _JOINTS = (1.0, 0.5, 1.5, 1.0, 2.0), (1.0, 1.0, 1.0, 1.0, 0.4)
SCALE = np.array(
    (*_HULL, *_JOINTS, 4, 4, 4, 4, 4, 0.3, 0.3, 1, 1, 4.0, *_HULL, *_JOINTS, 1, 1, 5, 5, 3, 2, 12), np.float32
)
SHIFT = np.zeros(37, np.float32)
SHIFT[[0, 20]] = 1.1

# swing, hips, split, lift, knees, lead, lean, turn, drift, pace: as the discrete variant walks and stands.
BRACE = (0.0, 0.1, 0.65, 0.0, -0.467, 0.0, -0.267, 0.042, -0.13, 0.0)
WALK = (0.458, 0.266, 0.0, 0.364, -0.361, 1.855, -0.309, 0.165, -0.309, 1.204)
BACK = (-0.182, -0.362, 0.0, 0.229, 0.031, 1.743, 0.005, 0.068, -0.283, -1.355)
LUNGE = (0.338, -0.38, 0.791, 0.139, -0.404, 0.824, -0.019, -0.014, 0.222, 0.392)
WAYS = (BRACE, WALK, BACK, LUNGE)
LOW = np.array([-0.8, -1.5, -0.8, -1.5, -0.45])
HIGH = np.array([0.9, 0.0, 0.9, 0.0, 0.45])


def features(rows):
    """(n, 37) observations in units of about one."""
    return np.clip((rows - SHIFT) / SCALE, -4, 4)


def logits(weights, inputs):
    """(n, 37) features to (n, 12), one for each choice."""
    one = np.tanh(inputs @ weights["w1"] + weights["b1"])
    two = np.tanh(one @ weights["w2"] + weights["b2"])
    return two @ weights["w3"] + weights["b3"]


def angles(choice, s):
    """Return for each joint the angle that a choice asks for, -1 to 1 over its range."""
    swing, hips, split, lift, knees, lead, lean, turn, drift, pace = WAYS[choice % 4]
    beat = atan2(s[18], s[17])
    hips += lean * s[1] + turn * s[4] + drift * (s[2] - pace)
    split = split if s[5] >= s[7] else -split
    wave = [max(0.0, sin(beat + lead + half)) for half in (0.0, pi)]
    sway = split + swing * sin(beat)
    lance = (s[9], 0.45, -0.45)[choice // 4]
    goals = (hips + sway, knees - lift * wave[0], hips - sway, knees - lift * wave[1], lance)
    return np.clip((goals - LOW) / (HIGH - LOW) * 2 - 1, -1, 1).astype(np.float32)


class Agent:
    lanes = 16

    def __init__(self):
        self.has_choices = False
        with np.load(Path(__file__).parent / "weights.npz") as stored:
            self.weights = {name: stored[name].astype(np.float32) for name in stored.files}

    def reset(self, start):
        self.has_choices = start.action_space.kind == "discrete"

    def act(self, observation):
        choice = int(logits(self.weights, features(observation[None]))[0].argmax())
        return choice if self.has_choices else angles(choice, observation.tolist())
