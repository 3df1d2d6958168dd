"""Train air hockey's networks by play; NumPy only, one core.

How it works. Proximal policy optimisation (`ppo.py`): 48 games are played at once, 128 turns each; then the
policy takes a few careful steps towards what went better than the value network expected. In half of the
games the others are scripted rivals (the arena's guard, its habits drawn anew for every game, and now and
then one that moves at random), in a quarter the policy itself, in a quarter one of its older selves. Beside
goals a potential is paid: how far ahead the puck is, and how near a mallet is to a puck on its own half.
Run: python -m arenas.games.air_hockey.train --side 1 --minutes 6 --seed 1 --out one.npz
Source: Ng, Harada & Russell 1999, ICML (potentials); for the rest see `ppo.py`.
"""

import argparse
import runpy
import time
from collections.abc import Callable
from importlib import import_module
from math import hypot
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arenas.games.air_hockey import ppo
from arenas.games.air_hockey.env import views_of
from arenas.games.air_hockey.physics import SPEED, Order, Rink
from arenas.games.air_hockey.ppo import Array, Choices, Weights

View: TypeAlias = NDArray[np.float32]
Rival: TypeAlias = Callable[[View], Any]  # Any: an array of two numbers, plain Python's agents have no types.

# The agents are plain Python as a participant would write it; what they do is taught and measured here.
trained = import_module("arenas.games.air_hockey.baselines.trained.agent")
_GUARD = Path(__file__).parent / "baselines" / "guard.py"

GAMES = 48
TURNS = 128
EPOCHS = 4
BATCH = 1024
GAMMA, LAMBDA = 0.99, 0.95
ENTROPY = 0.01
AHEAD, NEAR = 0.2, 0.1
"""Weights of the potential: the puck's place, the mallet's distance."""
KEEP_EVERY, KEPT = 15, 40
HIDDEN = 64
SETTLING = 10
"""Rounds that teach only the value where the policy is begun with."""


def order_of(choice: Choices, team: int) -> Order:
    """Return the order that two choices stand for, in the table's own directions."""
    x, y = choice.tolist()
    return table_order(trained.LEVELS[x], trained.LEVELS[y], team)


def table_order(x: float, y: float, team: int) -> Order:
    """Return the velocity that an action asks for, in the table's own directions."""
    speed = (SPEED if team == 0 else -SPEED) / max(1.0, hypot(x, y))
    return x * speed, y * speed


def drawn_rival(rng: np.random.Generator) -> Rival:
    """Return the guard with habits of its own, or one in eight times somebody who moves at random."""
    if rng.random() < 0.125:
        return lambda view: rng.uniform(-1.0, 1.0, 2)
    guard = runpy.run_path(str(_GUARD))["Agent"]()
    habits = type(guard).act.__globals__
    habits["LINE"] = rng.uniform(0.4, 2.2)
    habits["SLOW"] = rng.uniform(2.0, 8.0)
    habits["CORNER"] = rng.uniform(-0.9, 0.9)
    rival: Rival = guard.act
    return rival


class Tables:
    """The games that are played at once; the learner has side `teams[i]`, a rival may have the other."""

    def __init__(self, rng: np.random.Generator, side: int) -> None:
        self._rng, self.side = rng, side
        self.rivals = [drawn_rival(rng) for _ in range(GAMES // 2)]
        self.rinks = [Rink(rng, side) for _ in range(GAMES)]
        self.teams = [int(rng.integers(2)) for _ in range(GAMES)]
        self.worth = [self._potential(i) for i in range(GAMES)]

    def _potential(self, i: int) -> float:
        rink, team = self.rinks[i], self.teams[i]
        puck = rink.puck
        ahead = (puck.x if team == 0 else -puck.x) / rink.length
        if ahead > 0:
            return AHEAD * ahead
        own = rink.mallets[team * self.side : (team + 1) * self.side]
        near = min(hypot(mallet.x - puck.x, mallet.y - puck.y) for mallet in own)
        return AHEAD * ahead - NEAR * near / rink.length

    def seen(self) -> tuple[Array, Array]:
        """Return what the learners and the others see; (games * side, numbers) each."""
        own, others = [], []
        for rink, team in zip(self.rinks, self.teams, strict=True):
            views = views_of(rink)
            first, second = views[: self.side], views[self.side :]
            own += second if team else first
            others += first if team else second
        return np.stack(own), np.stack(others)

    def step(self, own: list[Order], others: list[Order]) -> tuple[Array, Array]:
        """Play one turn everywhere; return rewards and whether the game ended. Ended ones begin anew."""
        rewards, ends = np.zeros(GAMES, np.float32), np.zeros(GAMES, np.float32)
        side = self.side
        for i, rink in enumerate(self.rinks):
            team = self.teams[i]
            ours, theirs = own[i * side : (i + 1) * side], others[i * side : (i + 1) * side]
            scored = rink.play((*theirs, *ours) if team else (*ours, *theirs))
            goal = 0.0 if scored is None else 1.0 if scored == team else -1.0
            if rink.winner() is None:
                worth = self._potential(i)
                rewards[i] = goal + GAMMA * worth - self.worth[i]
                self.worth[i] = worth
                continue
            rewards[i], ends[i] = goal - self.worth[i], 1.0
            self.rinks[i], self.teams[i] = Rink(self._rng, side), int(self._rng.integers(2))
            self.worth[i] = self._potential(i)
            if i < len(self.rivals):
                self.rivals[i] = drawn_rival(self._rng)
        return rewards, ends


class Trainer:
    """Policy, value, and the older selves."""

    def __init__(self, seed: int, side: int, begin: Weights | None) -> None:
        self.rng = np.random.default_rng(seed)
        self.tables = Tables(self.rng, side)
        inputs = trained.features(self.tables.seen()[0][:1]).shape[1]
        self.policy = ppo.Net((inputs, HIDDEN, HIDDEN, 10), self.rng)
        self.value = ppo.Net((inputs, HIDDEN, HIDDEN, 1), self.rng)
        if begin is not None:
            self.policy.weights = begin
        self.older: list[Weights] = [self.policy.copy()]

    def _others(self, seen: Array, older: Weights) -> list[Order]:
        """Return what the others do: the rivals, then the policy itself, then an older self."""
        side, teams, orders = self.tables.side, self.tables.teams, []
        scripted = len(self.tables.rivals) * side
        for row in range(scripted):
            x, y = np.asarray(self.tables.rivals[row // side](seen[row])).tolist()
            orders.append(table_order(x, y, 1 - teams[row // side]))
        for weights, part in zip(
            (self.policy.weights, older), np.array_split(np.arange(scripted, len(seen)), 2), strict=True
        ):
            outputs = trained.logits(weights, trained.features(seen[part]))
            chosen = ppo.draw(ppo.chances(outputs, trained.HEADS), trained.HEADS, self.rng)
            orders += [
                order_of(choice, 1 - teams[row // side]) for row, choice in zip(part, chosen, strict=True)
            ]
        return orders

    def collect(self) -> tuple[Array, Choices, Array, Array, Array]:
        """Play `TURNS` turns; return inputs, choices, their log chances, advantages and values to learn."""
        older = self.older[int(len(self.older) * self.rng.random() ** 0.5)]
        side, heads = self.tables.side, trained.HEADS
        inputs, choices, before, values, rewards, ends = [], [], [], [], [], []
        for _ in range(TURNS):
            own, others = self.tables.seen()
            rows = trained.features(own)
            chance = ppo.chances(self.policy.forward(rows)[2], heads)
            chosen = ppo.draw(chance, heads, self.rng)
            teams = np.repeat(self.tables.teams, side)
            orders = [order_of(choice, team) for choice, team in zip(chosen, teams, strict=True)]
            earned, over = self.tables.step(orders, self._others(others, older))
            inputs.append(rows)
            choices.append(chosen)
            before.append(ppo.log_chance(chance, chosen, heads))
            values.append(self.value.forward(rows)[2][:, 0])
            rewards.append(np.repeat(earned, side))
            ends.append(np.repeat(over, side))
        last = self.value.forward(trained.features(self.tables.seen()[0]))[2][:, 0]
        expected = np.stack(values)
        advantages = ppo.advantages_of(np.stack(rewards), np.stack(ends), expected, last, (GAMMA, LAMBDA))
        return (
            np.concatenate(inputs),
            np.concatenate(choices),
            np.concatenate(before),
            advantages.ravel(),
            (advantages + expected).ravel(),
        )

    def learn(self, rate: float, only_value: bool = False) -> None:
        """Play, then improve policy and value; a policy that is begun with waits until its value is known."""
        inputs, choices, before, advantages, goals = self.collect()
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-6)
        for _ in range(EPOCHS):
            for part in np.array_split(self.rng.permutation(len(inputs)), len(inputs) // BATCH):
                rows = inputs[part]
                *layers, outputs = self.value.forward(rows)
                miss = (outputs - goals[part][:, None]) / len(part)
                self.value.move(rows, (layers[0], layers[1]), miss.astype(np.float32), rate)
                if only_value:
                    continue
                *layers, outputs = self.policy.forward(rows)
                slope = ppo.policy_slope(
                    outputs, choices[part], before[part], advantages[part], trained.HEADS, ENTROPY
                )
                self.policy.move(rows, (layers[0], layers[1]), slope, rate)


def against_guard(weights: Weights, games: int, side: int) -> tuple[float, float]:
    """Return the greedy policy's mean score and share of draws; each seed is played on both sides."""
    guard: Rival = runpy.run_path(str(_GUARD))["Agent"]().act
    points, draws = 0.0, 0
    for number in range(games):
        rink, team = Rink(np.random.default_rng(10_000_000 + number // 2), side), number % 2
        while (winner := rink.winner()) is None:
            views = views_of(rink)
            found = trained.logits(weights, trained.features(np.stack(views)))
            orders = []
            for seat, view in enumerate(views):
                if seat // side == team:
                    chosen = np.array([found[seat, head].argmax() for head in trained.HEADS])
                    orders.append(order_of(chosen, team))
                else:
                    x, y = guard(view).tolist()
                    orders.append(table_order(x, y, 1 - team))
            rink.play(tuple(orders))
        points += 0.5 if winner < 0 else float(winner == team)
        draws += winner < 0
    return points / games, draws / games


def widened(path: Path) -> Weights:
    """Return the network of one a side for two: heeding no mate, taking both others for one in between."""
    with np.load(path) as stored:
        weights = {name: stored[name].astype(np.float32) for name in stored.files}
    own, other, rest = np.split(weights["w1"], [4, 8])
    weights["w1"] = np.concatenate([own, 0 * own, other / 2, other / 2, rest])
    return weights


def save(weights: Weights, path: Path) -> None:
    """Write weights in half precision, which is exact enough to play with."""
    halves: dict[str, Any] = {name: array.astype(np.float16) for name, array in weights.items()}
    np.savez_compressed(path, **halves)  # Any: NumPy's own signature takes arrays by name only so.


def main() -> None:
    """Train, print a Markdown table, write the weights; on the way, copies for weaker agents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--side", type=int, choices=(1, 2), default=1, help="mallets a side")
    parser.add_argument("--minutes", type=float, default=10.0, help="CPU minutes to train")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="where to write the weights (.npz)")
    parser.add_argument("--begin", type=Path, help="for two a side: weights of one a side to begin with")
    arguments = parser.parse_args()
    begun = widened(arguments.begin) if arguments.begin else None
    trainer = Trainer(arguments.seed, arguments.side, begun)
    begin, rounds, next_report = time.process_time(), 0, 0.0
    print("| CPU minutes | turns learned from | score against guard | draws |\n|---|---|---|---|")
    while True:
        spent = (time.process_time() - begin) / 60
        is_done = spent >= arguments.minutes
        if spent >= next_report or is_done:
            score, draws = against_guard(trainer.policy.weights, 40, arguments.side)
            print(f"| {spent:.1f} | {rounds * GAMES * TURNS:,} | {score:.3f} | {draws:.2f} |", flush=True)
            copy = arguments.out.with_stem(f"{arguments.out.stem}-{next_report:g}")
            save(trainer.policy.weights, arguments.out if is_done else copy)
            next_report += 1.0
        if is_done:
            return
        rate = 5e-4 * max(0.1, 1 - spent / arguments.minutes)
        trainer.learn(rate, only_value=begun is not None and rounds < SETTLING)
        rounds += 1
        if rounds % KEEP_EVERY == 0:
            trainer.older = [*trainer.older[-KEPT + 1 :], trainer.policy.copy()]


if __name__ == "__main__":
    main()
