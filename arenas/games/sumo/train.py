"""Train sumo's network by self-play; NumPy only, one core.

How it works. Proximal policy optimisation: 48 rounds are played at once, 128 turns each; then the policy
takes a few careful steps towards what went better than the value network expected. In half of the rounds the
other is a scripted rival, in a quarter the policy itself, in a quarter one of its older selves.
Beside victory a potential is paid: how much further from the centre the other is.
Run: python -m arenas.games.sumo.train --minutes 20 --seed 1 --out weights.npz --rivals AGENT.py ...
Source: Schulman et al. 2017, arXiv:1707.06347 (PPO); Schulman et al. 2016, arXiv:1506.02438 (GAE);
Ng, Harada & Russell 1999, ICML (potentials); Kingma & Ba 2015, arXiv:1412.6980 (Adam).
"""

import argparse
import itertools
import runpy
import time
from collections.abc import Sequence
from importlib import import_module
from math import hypot
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arenas.games.sumo.env import seen_by
from arenas.games.sumo.physics import RADIUS, Bout

Array: TypeAlias = NDArray[np.float32]
Weights: TypeAlias = dict[str, Array]
Order: TypeAlias = tuple[float, float, bool]

# The agents are plain Python as a participant would write it; what they do is taught and measured here.
trained = import_module("arenas.games.sumo.baselines.trained.agent")
scripted = import_module("arenas.games.sumo.baselines.bulldozer")

ROUNDS = 48
TURNS = 128
EPOCHS = 4
BATCH = 1024
GAMMA, LAMBDA, CLIP = 0.995, 0.95, 0.2
ENTROPY = 0.01
POTENTIAL = 0.5
KEEP_EVERY, KEPT = 15, 40
SIZES = (21, 64, 64)


def new_weights(rng: np.random.Generator, outputs: int) -> Weights:
    """Return random weights of a network with two hidden layers; its last layer says nearly nothing."""
    weights: Weights = {}
    for i, (rows, columns) in enumerate(itertools.pairwise((*SIZES, outputs)), start=1):
        scale = (1.0 if i < 3 else 0.02) / np.sqrt(rows)
        weights[f"w{i}"] = (rng.standard_normal((rows, columns)) * scale).astype(np.float32)
        weights[f"b{i}"] = np.zeros(columns, np.float32)
    return weights


def chances(outputs: Array) -> Array:
    """Return for each head of (n, 10) logits its chances, side by side."""
    found = np.empty_like(outputs)
    for head in trained.HEADS:
        part = np.exp(outputs[:, head] - outputs[:, head].max(axis=1, keepdims=True))
        found[:, head] = part / part.sum(axis=1, keepdims=True)
    return found


def draw(chance: Array, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw one choice of each head; (n, 3)."""
    columns = []
    for head in trained.HEADS:
        summed = np.cumsum(chance[:, head], axis=1)
        drawn = (rng.random((len(chance), 1)) * summed[:, -1:] > summed).sum(axis=1)
        columns.append(np.minimum(drawn, summed.shape[1] - 1))
    return np.stack(columns, axis=1)


def log_chance(chance: Array, choices: NDArray[np.int64]) -> Array:
    """Return the logarithm of the chance of what was chosen; (n,)."""
    rows = np.arange(len(choices))
    picked = [chance[rows, head.start + choices[:, i]] for i, head in enumerate(trained.HEADS)]
    return np.asarray(np.log(np.stack(picked) + 1e-8).sum(axis=0), np.float32)


def order_of(choice: NDArray[np.int64]) -> Order:
    """Return the order that three choices stand for."""
    throttle, turn, boost = choice.tolist()
    return trained.THROTTLES[throttle], trained.TURNS[turn], boost == 1


def cut(number: float) -> float:
    """Return a number cut to -1 to 1."""
    return min(1.0, max(-1.0, number))


class Rivals:
    """Scripted agents, loaded from their files: the arena's own, and those that were named."""

    def __init__(self, paths: Sequence[Path]) -> None:
        own = Path(__file__).parent
        files = [own / "baselines" / "bulldozer.py", own.parent / "random_agent.py", *paths]
        self._modules = [runpy.run_path(str(path)) for path in files]

    def draw(self, rng: np.random.Generator) -> Any:  # Any: an agent, plain Python.
        """Return a fresh agent."""
        module = self._modules[int(rng.integers(len(self._modules)))]
        agent = module["Agent"]() if "Agent" in module else SimpleNamespace(act=module["agent"])
        if hasattr(agent, "reset"):
            space = SimpleNamespace(sample=lambda rng: rng.uniform(-1.0, 1.0, 3))
            seed = int(rng.integers(2**31))
            agent.reset(SimpleNamespace(seed=seed, seat=0, seats=2, role="", action_space=space))
        return agent


class Tables:
    """The rounds that are played at once; the learner sits in seat `seats[i]`, a rival may sit opposite."""

    def __init__(self, rng: np.random.Generator, rivals: Rivals) -> None:
        self._rng = rng
        self._drawn_from = rivals
        self.rivals = [rivals.draw(rng) for _ in range(ROUNDS // 2)]
        self.bouts = [Bout(rng) for _ in range(ROUNDS)]
        self.seats = [int(rng.integers(2)) for _ in range(ROUNDS)]
        self.worth = [self._potential(i) for i in range(ROUNDS)]

    def _potential(self, i: int) -> float:
        own, other = self._sides(i)
        return POTENTIAL * (hypot(other.x, other.y) - hypot(own.x, own.y)) / RADIUS

    def _sides(self, i: int):  # type: ignore[no-untyped-def]  # two machines, the learner's first
        machines = self.bouts[i].machines
        return machines[self.seats[i]], machines[1 - self.seats[i]]

    def seen(self) -> tuple[Array, Array]:
        """Return what the learners and the others see; (rounds, 17) each."""
        own, others = [], []
        for i, bout in enumerate(self.bouts):
            ring = (bout.radius, *bout.next_fall())
            first, second = self._sides(i)
            own.append(seen_by(first, second, ring))
            others.append(seen_by(second, first, ring))
        return np.stack(own), np.stack(others)

    def step(self, own: list[Order], others: list[Order]) -> tuple[Array, Array]:
        """Play one turn everywhere; return rewards and whether the round ended. Ended ones begin anew."""
        rewards, ends = np.zeros(ROUNDS, np.float32), np.zeros(ROUNDS, np.float32)
        for i, bout in enumerate(self.bouts):
            seat = self.seats[i]
            bout.play((others[i], own[i]) if seat else (own[i], others[i]))
            winner = bout.winner()
            if winner is None:
                worth = self._potential(i)
                rewards[i] = GAMMA * worth - self.worth[i]
                self.worth[i] = worth
                continue
            rewards[i] = (0.0 if winner < 0 else 1.0 if winner == seat else -1.0) - self.worth[i]
            ends[i] = 1.0
            self.bouts[i], self.seats[i] = Bout(self._rng), int(self._rng.integers(2))
            self.worth[i] = self._potential(i)
            if i < len(self.rivals):
                self.rivals[i] = self._drawn_from.draw(self._rng)
        return rewards, ends


class Trainer:
    """Policy, value, their optimisers' moments, and the older selves."""

    def __init__(self, seed: int, rivals: Rivals) -> None:
        self.rng = np.random.default_rng(seed)
        self.policy, self.value = new_weights(self.rng, 10), new_weights(self.rng, 1)
        self.moments = [
            {name: np.zeros((2, *array.shape), np.float32) for name, array in net.items()}
            for net in (self.policy, self.value)
        ]
        self.steps = 0
        self.older: list[Weights] = [self.copy()]
        self.tables = Tables(self.rng, rivals)

    def copy(self) -> Weights:
        """Return the policy as it is now."""
        return {name: array.copy() for name, array in self.policy.items()}

    def _others(self, seen: Array, older: Weights) -> list[Order]:
        """Return what the others do: the rivals, then the policy itself, then an older self."""
        orders = []
        for agent, row in zip(self.tables.rivals, seen, strict=False):
            throttle, turn, boost = np.asarray(agent.act(row)).tolist()
            orders.append((cut(throttle), cut(turn), boost > 0))
        rest = np.array_split(np.arange(len(orders), ROUNDS), 2)
        for weights, part in zip((self.policy, older), rest, strict=True):
            inputs = trained.features(seen[part])
            orders += map(order_of, draw(chances(trained.logits(weights, inputs)), self.rng))
        return orders

    def collect(self) -> tuple[Array, NDArray[np.int64], Array, Array, Array]:
        """Play `TURNS` turns; return inputs, choices, their log chances, advantages and values to learn."""
        older = self.older[int(len(self.older) * self.rng.random() ** 0.5)]
        inputs, choices, before, values, rewards, ends = [], [], [], [], [], []
        for _ in range(TURNS):
            own, others = self.tables.seen()
            rows = trained.features(own).astype(np.float32)
            chance = chances(trained.logits(self.policy, rows))
            chosen = draw(chance, self.rng)
            earned, over = self.tables.step(list(map(order_of, chosen)), self._others(others, older))
            inputs.append(rows)
            choices.append(chosen)
            before.append(log_chance(chance, chosen))
            values.append(trained.logits(self.value, rows)[:, 0])
            rewards.append(earned)
            ends.append(over)
        last = trained.logits(self.value, trained.features(self.tables.seen()[0]))[:, 0]
        ahead, carried = last, np.zeros(ROUNDS, np.float32)
        advantages = np.empty((TURNS, ROUNDS), np.float32)
        for turn in reversed(range(TURNS)):
            lives = 1.0 - ends[turn]
            miss = rewards[turn] + GAMMA * ahead * lives - values[turn]
            carried = miss + GAMMA * LAMBDA * lives * carried
            advantages[turn], ahead = carried, values[turn]
        goals = advantages + np.stack(values)
        return (
            np.concatenate(inputs),
            np.concatenate(choices),
            np.concatenate(before),
            advantages.ravel(),
            goals.ravel(),
        )

    def learn(self, rate: float) -> None:
        """Play, then improve policy and value."""
        inputs, choices, before, advantages, goals = self.collect()
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-6)
        for _ in range(EPOCHS):
            order = self.rng.permutation(len(inputs))
            for part in np.array_split(order, len(inputs) // BATCH):
                slope = policy_slope(self.policy, inputs[part], choices[part], before[part], advantages[part])
                self._move(0, slope, rate)
                self._move(1, value_slope(self.value, inputs[part], goals[part]), rate)

    def _move(self, which: int, slope: Weights, rate: float) -> None:
        """Take one step of Adam, the slope cut to length 0.5."""
        net, moments = (self.policy, self.value)[which], self.moments[which]
        self.steps += which == 0
        length = np.sqrt(sum(float((array**2).sum()) for array in slope.values()))
        shrink = min(1.0, 0.5 / (length + 1e-8))
        for name, array in slope.items():
            first, second = moments[name]
            first += 0.1 * (array * shrink - first)
            second += 0.001 * ((array * shrink) ** 2 - second)
            corrected = second / (1 - 0.999**self.steps)
            net[name] -= rate * first / (1 - 0.9**self.steps) / (np.sqrt(corrected) + 1e-8)


def backward(weights: Weights, inputs: Array, layers: tuple[Array, Array], slope: Array) -> Weights:
    """Return the gradient of all weights from that of the outputs."""
    one, two = layers
    slope2 = (slope @ weights["w3"].T) * (1 - two**2)
    slope1 = (slope2 @ weights["w2"].T) * (1 - one**2)
    found = {"w1": inputs.T @ slope1, "w2": one.T @ slope2, "w3": two.T @ slope}
    return found | {"b1": slope1.sum(axis=0), "b2": slope2.sum(axis=0), "b3": slope.sum(axis=0)}


def forward(weights: Weights, inputs: Array) -> tuple[Array, Array, Array]:
    """Return both hidden layers and the outputs."""
    one = np.tanh(inputs @ weights["w1"] + weights["b1"])
    two = np.tanh(one @ weights["w2"] + weights["b2"])
    return one, two, two @ weights["w3"] + weights["b3"]


def policy_slope(
    weights: Weights, inputs: Array, choices: NDArray[np.int64], before: Array, advantages: Array
) -> Weights:
    """Return the gradient of PPO's clipped loss with its entropy bonus."""
    one, two, outputs = forward(weights, inputs)
    chance = chances(outputs)
    ratio = np.exp(log_chance(chance, choices) - before)
    is_free = np.where(advantages > 0, ratio < 1 + CLIP, ratio > 1 - CLIP)
    pull = (-advantages * ratio * is_free)[:, None]
    slope = -pull * chance
    rows = np.arange(len(inputs))
    for i, head in enumerate(trained.HEADS):
        slope[rows, head.start + choices[:, i]] += pull[:, 0]
        part = chance[:, head]
        logs = np.log(part + 1e-8)
        entropy = -(part * logs).sum(axis=1, keepdims=True)
        slope[:, head] += ENTROPY * part * (logs + entropy)
    return backward(weights, inputs, (one, two), (slope / len(inputs)).astype(np.float32))


def value_slope(weights: Weights, inputs: Array, goals: Array) -> Weights:
    """Return the gradient of half the mean squared error."""
    one, two, outputs = forward(weights, inputs)
    slope = (outputs - goals[:, None]) / len(inputs)
    return backward(weights, inputs, (one, two), slope.astype(np.float32))


def score_against_scripted(weights: Weights, rounds: int, first_seed: int = 10_000_000) -> float:
    """Return the mean score of the greedy policy; each seed is played in both seats."""
    points = 0.0
    for number in range(rounds):
        bout, seat = Bout(np.random.default_rng(first_seed + number // 2)), number % 2
        while (winner := bout.winner()) is None:
            ring = (bout.radius, *bout.next_fall())
            own, other = bout.machines[seat], bout.machines[1 - seat]
            outputs = trained.logits(weights, trained.features(seen_by(own, other, ring)[None]))[0]
            order = order_of(np.array([outputs[head].argmax() for head in trained.HEADS]))
            throttle, turn, boost = scripted.Agent().act(seen_by(other, own, ring)).tolist()
            answer = (throttle, turn, boost > 0)
            bout.play((answer, order) if seat else (order, answer))
        points += 0.5 if winner < 0 else float(winner == seat)
    return points / rounds


def save(weights: Weights, path: Path) -> None:
    """Write weights in half precision, which is exact enough to play with."""
    halves: dict[str, Any] = {name: array.astype(np.float16) for name, array in weights.items()}
    np.savez_compressed(path, **halves)  # Any: NumPy's own signature takes arrays by name only so.


def main() -> None:
    """Train, print a Markdown table, write the weights; on the way, copies for weaker agents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=20.0, help="CPU minutes to train")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="where to write the weights (.npz)")
    parser.add_argument(
        "--rivals", type=Path, nargs="*", default=[], help="agents (.py) to learn against too"
    )
    arguments = parser.parse_args()
    trainer = Trainer(arguments.seed, Rivals(arguments.rivals))
    begin, rounds, next_report = time.process_time(), 0, 0.0
    print(
        "| CPU minutes | turns learned from | score against bulldozer, 200 rounds |\n|---|---|---|",
        flush=True,
    )
    while (spent := (time.process_time() - begin) / 60) < arguments.minutes:
        if spent >= next_report:
            score = score_against_scripted(trainer.policy, 200)
            print(f"| {spent:.1f} | {rounds * ROUNDS * TURNS:,} | {score:.3f} |", flush=True)
            save(trainer.policy, arguments.out.with_stem(f"{arguments.out.stem}-{next_report:g}"))
            next_report += 2.0
        trainer.learn(5e-4 * max(0.1, 1 - spent / arguments.minutes))
        rounds += 1
        if rounds % KEEP_EVERY == 0:
            trainer.older = [*trainer.older[-KEPT + 1 :], trainer.copy()]
    save(trainer.policy, arguments.out)
    print(
        f"| {spent:.1f} | {rounds * ROUNDS * TURNS:,} | {score_against_scripted(trainer.policy, 200):.3f} |"
    )


if __name__ == "__main__":
    main()
