"""Train the value network of connect four by self-play; NumPy only, about ten minutes on one core.

How it works. Many games are played at once. Each move looks one move ahead with the network and takes
the best column, now and then a random one. Every position is then taught the result its game came to,
mixed with what the search said on the way: TD(lambda) on the negamax values.
Run: python -m arenas.games.connect_four.train --minutes 10 --out weights.npz
Source: Sutton 1988, Machine Learning 3:9-44 (TD(lambda)); Kingma & Ba 2015, arXiv:1412.6980 (Adam).
"""

import argparse
import itertools
import random
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float32]
Weights: TypeAlias = dict[str, Array]
Evaluate: TypeAlias = Callable[[Array], Array]

# The agents are plain Python as a participant would write it; what they do is taught and measured here.
network = import_module("arenas.games.connect_four.baselines.network.agent")
heuristic = import_module("arenas.games.connect_four.baselines.heuristic")

GAMES = 768
LAMBDA = 0.7
EXPLORE = 0.08
OPENING_MOVES = 8
BATCH = 1024
MIRROR = np.arange(168).reshape(4, 6, 7)[:, :, ::-1].ravel()


def new_weights(rng: np.random.Generator) -> Weights:
    """Return random weights of the 168-128-64-1 network."""
    sizes = (168, 128, 64, 1)
    weights: Weights = {}
    for i, (rows, columns) in enumerate(itertools.pairwise(sizes), start=1):
        scale = np.sqrt(2 / rows) * (0.1 if columns == 1 else 1)
        weights[f"w{i}"] = (rng.standard_normal((rows, columns)) * scale).astype(np.float32)
        weights[f"b{i}"] = np.zeros(columns, dtype=np.float32)
    return weights


def gradient(weights: Weights, rows: Array, targets: Array) -> tuple[Weights, float]:
    """Return the gradient of the mean squared error, and the error."""
    one = np.maximum(rows @ weights["w1"] + weights["b1"], 0)
    two = np.maximum(one @ weights["w2"] + weights["b2"], 0)
    out = np.tanh(two @ weights["w3"] + weights["b3"])
    miss = out - targets[:, None]
    slope3 = 2 * miss * (1 - out**2) / len(rows)
    slope2 = (slope3 @ weights["w3"].T) * (two > 0)
    slope1 = (slope2 @ weights["w2"].T) * (one > 0)
    found = {"w1": rows.T @ slope1, "w2": one.T @ slope2, "w3": two.T @ slope3}
    found |= {"b1": slope1.sum(axis=0), "b2": slope2.sum(axis=0), "b3": slope3.sum(axis=0)}
    return found, float((miss**2).mean())


class Adam:
    """Adam with its usual constants."""

    def __init__(self, weights: Weights) -> None:
        self.mean = {name: np.zeros_like(w) for name, w in weights.items()}
        self.square = {name: np.zeros_like(w) for name, w in weights.items()}
        self.steps = 0

    def step(self, weights: Weights, slopes: Weights, rate: float) -> None:
        """Move the weights one step down the gradient, in place."""
        self.steps += 1
        rate *= float(np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps))
        for name, slope in slopes.items():
            self.mean[name] += 0.1 * (slope - self.mean[name])
            self.square[name] += 0.001 * (slope**2 - self.square[name])
            weights[name] -= rate * self.mean[name] / (np.sqrt(self.square[name]) + 1e-8)


def self_play(evaluate: Evaluate, rng: np.random.Generator) -> tuple[Array, Array]:
    """Play GAMES games at once; return the features and targets of their quiet positions."""
    own, other = np.zeros((2, GAMES, 42), dtype=np.float32)
    alive = np.arange(GAMES)
    opening = rng.integers(0, OPENING_MOVES + 1, GAMES)
    plies = []
    for ply in range(42):
        worth = network.worth_of_moves(own, other, evaluate, 1)
        best = (worth + rng.random(worth.shape) * 1e-4).argmax(axis=1)
        drawn = np.where(worth > -1.5, rng.random(worth.shape), -1).argmax(axis=1)
        strays = (rng.random(len(alive)) < EXPLORE) | (ply < opening[alive])
        column = np.where(strays, drawn, best)
        n = np.arange(len(alive))
        cells, _ = network.landing(own, other)
        mine = network.threats(own, other)
        won = mine[n, cells[n, column]]
        rows = network.features(own, other, mine, network.threats(other, own))
        # A win at hand is found by the search, so the network is never asked and need not learn it.
        keep = (worth.max(axis=1) < 1) & (ply >= opening[alive])
        plies.append((alive, rows, worth.max(axis=1), strays & (column != best), won, keep))
        own[n, cells[n, column]] = 1
        go_on = ~won
        own, other, alive = other[go_on], own[go_on], alive[go_on]
        if not len(alive):
            break
    return targets_of(plies)


Flags: TypeAlias = NDArray[np.bool_]
Ply: TypeAlias = tuple[NDArray[np.int64], Array, Array, Flags, Flags, Flags]


def targets_of(plies: list[Ply]) -> tuple[Array, Array]:
    """Return features and TD(lambda) targets of all kept positions, worked backwards from the ends."""
    result = np.zeros(GAMES, dtype=np.float32)  # what the following position is worth; 0 after a draw
    features, targets = [], []
    for alive, rows, searched, strayed, won, keep in reversed(plies):
        goal = np.where(won, np.float32(1), -network.FADE * result[alive])
        goal = np.where(strayed & ~won, searched, goal).astype(np.float32)
        features.append(rows[keep])
        targets.append(goal[keep])
        result[alive] = (1 - LAMBDA) * searched + LAMBDA * goal
    return np.concatenate(features), np.concatenate(targets)


def score_against_heuristic(evaluate: Evaluate, games: int, depth: int, seed: int) -> float:
    """Return the mean score (1, 0.5, 0) of the network over games with seats swapped."""
    rng, rival = np.random.default_rng(seed), heuristic.Agent()
    rival.rng = random.Random(seed)  # noqa: S311  # no secret depends on it
    total = 0.0
    for game in range(games):
        own, other = np.zeros((2, 1, 42), dtype=np.float32)
        for ply in range(42):
            cells, legal = network.landing(own, other)
            ours = ply % 2 == game % 2
            if ours:
                worth = network.worth_of_moves(own, other, evaluate, depth)[0]
                column = int(rng.choice(np.flatnonzero(worth >= worth.max() - 0.02)))
            else:
                board = np.stack((own[0].reshape(6, 7), other[0].reshape(6, 7)), axis=2)
                column = rival.act({"observation": board, "action_mask": legal[0]})
            if network.threats(own, other)[0, cells[0, column]]:
                total += 1.0 if ours else 0.0
                break
            own[0, cells[0, column]] = 1
            own, other = other, own
        else:
            total += 0.5
    return total / games


def train(minutes: float, seed: int, report: Callable[[str], None]) -> Weights:
    """Return weights after this many CPU minutes; reports progress as lines of a Markdown table."""
    rng = np.random.default_rng(seed)
    weights = new_weights(rng)
    adam = Adam(weights)
    memory: list[tuple[Array, Array]] = []
    begin = next_report = time.process_time()
    rounds = 0
    report("| CPU minutes | games | positions a round | error | score against heuristic, one move ahead |")
    report("|---|---|---|---|---|")
    while (spent := (time.process_time() - begin) / 60) < minutes:
        memory = [*memory[-3:], self_play(lambda rows: network.forward(weights, rows), rng)]
        rate = 1e-3 * (1 - spent / minutes) + 2e-5
        error = learn(weights, adam, memory, rate, rng)
        rounds += 1
        if time.process_time() >= next_report:
            score = score_against_heuristic(lambda rows: network.forward(weights, rows), 200, 1, rounds)
            games, positions = rounds * GAMES, len(memory[-1][1])
            report(f"| {spent:.1f} | {games:,} | {positions:,} | {error:.4f} | {score:.3f} |")
            next_report += max(60.0, minutes * 6)
    return weights


def learn(
    weights: Weights, adam: Adam, memory: list[tuple[Array, Array]], rate: float, rng: np.random.Generator
) -> float:
    """Take one pass over half of the remembered positions, half of them mirrored; return the error."""
    rows = np.concatenate([m[0] for m in memory])
    targets = np.concatenate([m[1] for m in memory])
    order = rng.permutation(len(rows))[: len(rows) // 2]
    errors = []
    for first in range(0, len(order) - BATCH + 1, BATCH):
        chosen = order[first : first + BATCH]
        batch = rows[chosen]
        batch[::2] = batch[::2, MIRROR]
        slopes, error = gradient(weights, batch, targets[chosen])
        adam.step(weights, slopes, rate)
        errors.append(error)
    return float(np.mean(errors)) if errors else 0.0


def main() -> None:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=10.0, help="CPU minutes to train")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="where to write the weights (.npz)")
    arguments = parser.parse_args()
    weights = train(arguments.minutes, arguments.seed, lambda line: print(line, flush=True))
    np.savez_compressed(arguments.out, **weights)  # type: ignore[arg-type]  # the stub forgets keywords


if __name__ == "__main__":
    main()
