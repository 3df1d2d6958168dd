"""Proximal policy optimisation in NumPy: two small networks, their gradients, one optimiser.

Source: Schulman et al. 2017, arXiv:1707.06347 (PPO); Schulman et al. 2016, arXiv:1506.02438 (GAE);
Kingma & Ba 2015, arXiv:1412.6980 (Adam).
"""

import itertools
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float32]
Choices: TypeAlias = NDArray[np.int64]
Weights: TypeAlias = dict[str, Array]

CLIP = 0.2


class Net:
    """Two hidden layers of tanh, and Adam's moments."""

    def __init__(self, sizes: tuple[int, int, int, int], rng: np.random.Generator) -> None:
        self.weights: Weights = {}
        for i, (rows, columns) in enumerate(itertools.pairwise(sizes), start=1):
            scale = (1.0 if i < 3 else 0.02) / np.sqrt(rows)
            self.weights[f"w{i}"] = (rng.standard_normal((rows, columns)) * scale).astype(np.float32)
            self.weights[f"b{i}"] = np.zeros(columns, np.float32)
        self._moments = {
            name: np.zeros((2, *array.shape), np.float32) for name, array in self.weights.items()
        }
        self._steps = 0

    def copy(self) -> Weights:
        """Return the weights as they are now."""
        return {name: array.copy() for name, array in self.weights.items()}

    def forward(self, inputs: Array) -> tuple[Array, Array, Array]:
        """Return both hidden layers and the outputs."""
        return forward(self.weights, inputs)

    def move(self, inputs: Array, layers: tuple[Array, Array], slope: Array, rate: float) -> None:
        """Take one step of Adam down the slope of the outputs, its length cut to 0.5."""
        found = backward(self.weights, inputs, layers, slope)
        self._steps += 1
        length = np.sqrt(sum(float((array**2).sum()) for array in found.values()))
        shrink = min(1.0, 0.5 / (length + 1e-8))
        for name, array in found.items():
            first, second = self._moments[name]
            first += 0.1 * (array * shrink - first)
            second += 0.001 * ((array * shrink) ** 2 - second)
            corrected = second / (1 - 0.999**self._steps)
            self.weights[name] -= rate * first / (1 - 0.9**self._steps) / (np.sqrt(corrected) + 1e-8)


def forward(weights: Weights, inputs: Array) -> tuple[Array, Array, Array]:
    """Return both hidden layers and the outputs."""
    one = np.tanh(inputs @ weights["w1"] + weights["b1"])
    two = np.tanh(one @ weights["w2"] + weights["b2"])
    return one, two, two @ weights["w3"] + weights["b3"]


def backward(weights: Weights, inputs: Array, layers: tuple[Array, Array], slope: Array) -> Weights:
    """Return the gradient of all weights from that of the outputs."""
    one, two = layers
    slope2 = (slope @ weights["w3"].T) * (1 - two**2)
    slope1 = (slope2 @ weights["w2"].T) * (1 - one**2)
    found = {"w1": inputs.T @ slope1, "w2": one.T @ slope2, "w3": two.T @ slope}
    return found | {"b1": slope1.sum(axis=0), "b2": slope2.sum(axis=0), "b3": slope.sum(axis=0)}


def chances(outputs: Array, heads: Sequence[slice]) -> Array:
    """Return for each head of (n, outputs) logits its chances, side by side."""
    found = np.empty_like(outputs)
    for head in heads:
        part = np.exp(outputs[:, head] - outputs[:, head].max(axis=1, keepdims=True))
        found[:, head] = part / part.sum(axis=1, keepdims=True)
    return found


def draw(chance: Array, heads: Sequence[slice], rng: np.random.Generator) -> Choices:
    """Draw one choice of each head; (n, heads)."""
    columns = []
    for head in heads:
        summed = np.cumsum(chance[:, head], axis=1)
        drawn = (rng.random((len(chance), 1)) * summed[:, -1:] > summed).sum(axis=1)
        columns.append(np.minimum(drawn, summed.shape[1] - 1))
    return np.stack(columns, axis=1)


def log_chance(chance: Array, choices: Choices, heads: Sequence[slice]) -> Array:
    """Return the logarithm of the chance of what was chosen; (n,)."""
    rows = np.arange(len(choices))
    picked = [chance[rows, head.start + choices[:, i]] for i, head in enumerate(heads)]
    return np.asarray(np.log(np.stack(picked) + 1e-8).sum(axis=0), np.float32)


def policy_slope(
    outputs: Array, choices: Choices, before: Array, advantages: Array, heads: Sequence[slice], entropy: float
) -> Array:
    """Return the gradient of PPO's clipped loss with its entropy bonus by the policy's outputs.

    Args:
        outputs: (n, outputs) logits now.
        choices: (n, heads), what was chosen.
        before: (n,), log chances of these choices when they were made.
        advantages: (n,), by how much each went better than was expected.
        heads: where in the outputs each choice has its logits.
        entropy: weight of the bonus.
    """
    chance = chances(outputs, heads)
    ratio = np.exp(log_chance(chance, choices, heads) - before)
    is_free = np.where(advantages > 0, ratio < 1 + CLIP, ratio > 1 - CLIP)
    pull = (-advantages * ratio * is_free)[:, None]
    slope = -pull * chance
    rows = np.arange(len(outputs))
    for i, head in enumerate(heads):
        slope[rows, head.start + choices[:, i]] += pull[:, 0]
        part = chance[:, head]
        logs = np.log(part + 1e-8)
        slope[:, head] += entropy * part * (logs - (part * logs).sum(axis=1, keepdims=True))
    return np.asarray(slope / len(outputs), np.float32)


def advantages_of(
    rewards: Array, ends: Array, values: Array, last: Array, discounts: tuple[float, float]
) -> Array:
    """Return generalised advantages; all but `last` (n,) are (turns, n).

    Args:
        rewards: what each turn gave.
        ends: 1 where the game ended with the turn.
        values: what was expected before each turn.
        last: what is expected after the last one.
        discounts: gamma and lambda.
    """
    gamma, decay = discounts
    ahead, carried = last, np.zeros_like(last)
    found = np.empty_like(values)
    for turn in reversed(range(len(rewards))):
        lives = 1.0 - ends[turn]
        miss = rewards[turn] + gamma * ahead * lives - values[turn]
        carried = miss + gamma * decay * lives * carried
        found[turn], ahead = carried, values[turn]
    return found
