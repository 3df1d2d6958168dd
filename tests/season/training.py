"""Teach the numbers of the season's learned agents; NumPy only, one core, a few minutes each.

    python -m tests.season.training connect_four [--minutes 4]
    python -m tests.season.training hearts [--minutes 8]
    python -m tests.season.training hearts --against rules

Prints the numbers as the agent's file holds them, or what the agent scores with those it has.
"""

import argparse
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arenas.adapters import open_arena
from arenas.scoring import score_episode
from tests.arenas.games.harness import baseline, interval, load, play, spec_named
from tests.season.field import agent_path

Numbers = NDArray[np.float64]
ARENAS = {"connect_four": "connect_four-v3", "hearts": "spiel_hearts-v1"}
LAMBDA = 0.7
STRAY = 0.15


def teach_connect_four(minutes: float, seed: int = 1) -> Numbers:
    """Return weights learned by TD(lambda) from games of the agent against itself.

    Source: Sutton 1988, Machine Learning 3, section 3.
    """
    module = load(agent_path("connect_four", "learned"))
    rng = np.random.default_rng(seed)
    numbers: Numbers = np.zeros(module.COUNT)
    begin = time.process_time()
    games = 0
    while (spent := (time.process_time() - begin) / 60) < minutes:
        rows, goals = _self_play(module, numbers, rng)
        games += 1
        rate = 0.01 * (1 - spent / minutes) + 1e-4
        for row, goal in zip(rows, goals, strict=True):
            worth = np.tanh(row @ numbers)
            numbers += rate * (goal - worth) * (1 - worth**2) * row
    print(f"# {games} games")
    return numbers


def _self_play(module: ModuleType, numbers: Numbers, rng: np.random.Generator) -> tuple[Numbers, list[float]]:
    """Play one game; return features and targets of the positions after each quiet move of either side."""
    agent = module.Agent(numbers)
    agent.rng = rng
    sides = [np.zeros(42, np.int64), np.zeros(42, np.int64)]
    seen: list[tuple[int, Numbers, float]] = []
    result, loser = 0.0, 0
    for ply in range(42):
        turn = ply % 2
        mine, theirs = sides[turn], sides[1 - turn]
        column, worth = agent.choose(mine, theirs, turn == 0)
        filled = (mine + theirs).reshape(6, 7).sum(axis=0)
        if worth != 1.0 and (ply < 4 or rng.random() < STRAY):
            column = int(rng.choice(np.flatnonzero(filled < 6)))
        mine[7 * (5 - filled[column]) + column] = 1
        if (mine[module.CELLS].sum(axis=1) == 4).any():
            result, loser = 1.0, 1 - turn
            break
        row = module.features(mine[None], theirs[None], np.array([turn == 0]))[0]
        seen.append((turn, row, float(np.tanh(row @ numbers))))
    goals: list[float] = []
    goal = {loser: -result, 1 - loser: result}
    for turn, _, worth in reversed(seen):
        goals.append(goal[turn])
        goal[turn] = (1 - LAMBDA) * worth + LAMBDA * goal[turn]
    return np.array([row for _, row, _ in seen]), goals[::-1]


def teach_hearts(minutes: float, seed: int = 1) -> Numbers:
    """Return weights found by the cross-entropy method, playing among agents of the rules of thumb.

    Source: Mannor, Rubinstein & Gat 2003, ICML, section 4 (cross-entropy for policy search).
    """
    spec = spec_named(ARENAS["hearts"])
    module, rules = load(agent_path("hearts", "learned")), baseline(spec, "rules")
    adapter = open_arena(spec)
    rng = np.random.default_rng(seed)

    def worth(numbers: Numbers, seeds: list[int]) -> float:
        earned = []
        for at, deal in enumerate(seeds):
            table: list[Any] = [rules] * 4  # Any: modules, or what makes an agent like one.
            table[at % 4] = _Made(lambda: module.Agent(numbers))
            earned.append(score_episode(spec, play(adapter, table, deal), {}, None)[at % 4].score)
        return float(np.mean(earned))

    mean, spread = np.array(module.START, float), np.full(len(module.START), 1.0)
    begin = time.process_time()
    while (time.process_time() - begin) / 60 < minutes:
        seeds = [int(rng.integers(1 << 30))] * 4 + rng.integers(0, 1 << 30, 20).tolist()
        variants = mean + spread * rng.standard_normal((32, len(mean)))
        variants[0] = mean
        worths = np.array([worth(numbers, seeds) for numbers in variants])
        elite = variants[np.argsort(worths)[-8:]]
        # Half of the way only: a lucky deal must not carry the search away.
        mean, spread = 0.5 * (mean + elite.mean(axis=0)), np.maximum(0.5 * (spread + elite.std(axis=0)), 0.1)
        print(
            f"# {(time.process_time() - begin) / 60:.1f} min, elite {np.sort(worths)[-8:].mean():.3f}",
            flush=True,
        )
    return mean


class _Made:
    """Looks like an agent's module to the harness."""

    def __init__(self, make: Callable[[], Any]) -> None:  # Any: an agent, plain Python.
        self.Agent = make


def score_against(game: str, rival: str, episodes: int = 400) -> list[float]:
    """Return the scores of the learned agent with a baseline in all other seats, its own seat going round."""
    spec = spec_named(ARENAS[game])
    agent, others = load(agent_path(game, "learned")), baseline(spec, rival)
    adapter = open_arena(spec)
    scores = []
    for episode in range(episodes):
        seat = episode % spec.seats
        rewards = play(adapter, [agent if s == seat else others for s in range(spec.seats)], episode)
        scores.append(score_episode(spec, rewards, {}, None)[seat].score)
    return scores


def main() -> None:
    """Teach one agent and print its numbers, or print what it scores."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("game", choices=sorted(ARENAS))
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--against", default="", help="a baseline of the arena")
    arguments = parser.parse_args()
    if arguments.against:
        print(interval(score_against(arguments.game, arguments.against)))
        return
    teach = teach_connect_four if arguments.game == "connect_four" else teach_hearts
    numbers = teach(arguments.minutes)
    print("NUMBERS = (" + ", ".join(f"{number:.3f}" for number in numbers) + ")")


if __name__ == "__main__":
    main()
