"""Train joust's network by self-play; NumPy only, one core.

How it works. First the network learns to choose as the squire does, but with its lance up. Then proximal
policy optimisation over the discrete variant's choices: 48 rounds are played at once, 96 choices each,
every choice kept for three turns; then the policy takes a few careful steps towards what went better than
the value network expected. In half of the rounds the other is a simple rival, in a quarter the policy
itself, in a quarter one of its older selves. Beside victory a potential is paid: ground won, and to stand
higher than the other.
Run: python -m arenas.games.joust.train --minutes 4 --seed 1 --out weights.npz
Source: Schulman et al. 2017, arXiv:1707.06347 (PPO); Schulman et al. 2016, arXiv:1506.02438 (GAE);
Ng, Harada & Russell 1999, ICML (potentials); Kingma & Ba 2015, arXiv:1412.6980 (Adam).
"""

import argparse
import itertools
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arenas.games.joust.env import seen_by
from arenas.games.joust.gaits import CHOICES, WAYS, goals_of
from arenas.games.joust.physics import HALF, Bout

Array: TypeAlias = NDArray[np.float32]
Weights: TypeAlias = dict[str, Array]
Rival: TypeAlias = Callable[[Array], int]

# The agents are plain Python as a participant would write it; what they do is taught and measured here.
trained = import_module("arenas.games.joust.baselines.trained.agent")
scripted = import_module("arenas.games.joust.baselines.squire")

ROUNDS: Final = 48
STRETCH: Final = 96
KEPT_TURNS: Final = 3
IMITATED: Final = 6
WARMING: Final = 4
EPOCHS: Final = 4
BATCH: Final = 768
GAMMA, LAMBDA, CLIP = 0.99, 0.95, 0.2
ENTROPY: Final = 0.01
POTENTIAL: Final = 0.3
KEEP_EVERY, KEPT = 15, 40
SIZES: Final = (37, 64, 64)
_ALWAYS: Final = (0, 1, 3, 3, 7, 11)


def new_weights(rng: np.random.Generator, outputs: int) -> Weights:
    """Return random weights of a network with two hidden layers; its last layer says nearly nothing."""
    weights: Weights = {}
    for i, (rows, columns) in enumerate(itertools.pairwise((*SIZES, outputs)), start=1):
        scale = (1.0 if i < 3 else 0.02) / np.sqrt(rows)
        weights[f"w{i}"] = (rng.standard_normal((rows, columns)) * scale).astype(np.float32)
        weights[f"b{i}"] = np.zeros(columns, np.float32)
    return weights


def chances(outputs: Array) -> Array:
    """Return the chances of (n, 12) logits."""
    part = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(part / part.sum(axis=1, keepdims=True), np.float32)


def draw(chance: Array, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw one choice a row; (n,)."""
    summed = np.cumsum(chance, axis=1)
    drawn = (rng.random((len(chance), 1)) * summed[:, -1:] > summed).sum(axis=1)
    return np.asarray(np.minimum(drawn, len(CHOICES) - 1), np.int64)


def new_rival(rng: np.random.Generator) -> Rival:
    """Draw somebody simple: the squire, a random one, one who always does the same or one thing when near."""
    kind = int(rng.integers(4))
    if kind == 0:
        return taught if rng.random() < 1 / 3 else lambda seen: int(scripted.choose(seen.tolist()))
    if kind == 1:
        return lambda seen: int(rng.integers(len(CHOICES)))
    near, far = (int(rng.choice(_ALWAYS)) for _ in range(2))
    distance = float(rng.uniform(1.5, 4.0)) if kind == 2 else 0.0
    return lambda seen: near if seen[19] < distance else far


def taught(seen: Array) -> int:
    """Return what the network learns to choose at first: the squire's way, the lance going up."""
    return int(scripted.choose(seen.tolist())) % len(WAYS) + len(WAYS)


class Tables:
    """The rounds that are played at once; the learner sits in seat `seats[i]`, a rival may sit opposite."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self.rivals = [new_rival(rng) for _ in range(ROUNDS // 2)]
        self.bouts = [Bout(rng) for _ in range(ROUNDS)]
        self.seats = [int(rng.integers(2)) for _ in range(ROUNDS)]
        self.worth = [self._potential(i) for i in range(ROUNDS)]

    def _potential(self, i: int) -> float:
        bout, seat = self.bouts[i], self.seats[i]
        own, other = bout.walkers[seat], bout.walkers[1 - seat]
        ground = bout.ground() * (-1 if seat else 1)
        return float(POTENTIAL * (ground / HALF + own.y - other.y))

    def seen(self) -> tuple[Array, Array]:
        """Return what the learners and the others see; (rounds, 37) each."""
        own = [seen_by(bout, seat) for bout, seat in zip(self.bouts, self.seats, strict=True)]
        others = [seen_by(bout, 1 - seat) for bout, seat in zip(self.bouts, self.seats, strict=True)]
        return np.stack(own), np.stack(others)

    def step(self, own: NDArray[np.int64], others: list[int]) -> tuple[Array, Array]:
        """Keep a choice everywhere; return rewards and whether the round ended. Ended ones begin anew."""
        rewards, ends = np.zeros(ROUNDS, np.float32), np.zeros(ROUNDS, np.float32)
        for i, bout in enumerate(self.bouts):
            seat = self.seats[i]
            chosen = (others[i], int(own[i])) if seat else (int(own[i]), others[i])
            winner = keep(bout, chosen)
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
                self.rivals[i] = new_rival(self._rng)
        return rewards, ends


def keep(bout: Bout, chosen: tuple[int, int], turns: int = KEPT_TURNS) -> int | None:
    """Play some turns with one choice of each seat; return the winner as soon as there is one."""
    one, two = bout.walkers
    for _ in range(turns):
        bout.play((goals_of(chosen[0], one, bout.beat(0)), goals_of(chosen[1], two, bout.beat(1))))
        winner = bout.winner()
        if winner is not None:
            return winner
    return None


class Trainer:
    """Policy, value, their optimisers' moments, and the older selves."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.policy, self.value = new_weights(self.rng, len(CHOICES)), new_weights(self.rng, 1)
        self.moments = [
            {name: np.zeros((2, *array.shape), np.float32) for name, array in net.items()}
            for net in (self.policy, self.value)
        ]
        self.steps = [0, 0]
        self.older: list[Weights] = [self.copy()]
        self.tables = Tables(self.rng)

    def copy(self) -> Weights:
        """Return the policy as it is now."""
        return {name: array.copy() for name, array in self.policy.items()}

    def _others(self, seen: Array, older: Weights) -> list[int]:
        """Return what the others choose: the rivals, then the policy itself, then an older self."""
        chosen = [rival(row) for rival, row in zip(self.tables.rivals, seen, strict=False)]
        rest = np.array_split(np.arange(len(chosen), ROUNDS), 2)
        for weights, part in zip((self.policy, older), rest, strict=True):
            inputs = trained.features(seen[part])
            chosen += draw(chances(trained.logits(weights, inputs)), self.rng).tolist()
        return chosen

    def imitate(self, stretches: int, rate: float = 2e-3) -> None:
        """Learn to choose as the teacher does, from rounds in which one choice in six is random."""
        inputs, shown = [], []
        for _ in range(stretches * STRETCH):
            own, others = self.tables.seen()
            choices = np.array([taught(row) for row in own])
            strays = self.rng.random(ROUNDS) < 1 / 6
            drawn = self.rng.integers(len(CHOICES), size=ROUNDS)
            self.tables.step(np.where(strays, drawn, choices), self._others(others, self.older[0]))
            inputs.append(trained.features(own).astype(np.float32))
            shown.append(choices)
        rows, wanted = np.concatenate(inputs), np.concatenate(shown)
        for _ in range(2 * EPOCHS):
            order = self.rng.permutation(len(rows))
            for part in np.array_split(order, len(rows) // BATCH):
                self._move(0, copying_slope(self.policy, rows[part], wanted[part]), rate)

    def collect(self) -> tuple[Array, NDArray[np.int64], Array, Array, Array]:
        """Play a stretch; return inputs, choices, their log chances, advantages and values to learn."""
        older = self.older[int(len(self.older) * self.rng.random() ** 0.5)]
        inputs, choices, before, values, rewards, ends = [], [], [], [], [], []
        for _ in range(STRETCH):
            own, others = self.tables.seen()
            rows = trained.features(own).astype(np.float32)
            chance = chances(trained.logits(self.policy, rows))
            chosen = draw(chance, self.rng)
            earned, over = self.tables.step(chosen, self._others(others, older))
            inputs.append(rows)
            choices.append(chosen)
            before.append(np.log(chance[np.arange(ROUNDS), chosen] + 1e-8))
            values.append(trained.logits(self.value, rows)[:, 0])
            rewards.append(earned)
            ends.append(over)
        last = trained.logits(self.value, trained.features(self.tables.seen()[0]))[:, 0]
        ahead, carried = last, np.zeros(ROUNDS, np.float32)
        advantages = np.empty((STRETCH, ROUNDS), np.float32)
        for turn in reversed(range(STRETCH)):
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

    def learn(self, rate: float, is_warm: bool) -> None:
        """Play, then improve the value, and the policy once the value is worth something."""
        inputs, choices, before, advantages, goals = self.collect()
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-6)
        for _ in range(EPOCHS):
            order = self.rng.permutation(len(inputs))
            for part in np.array_split(order, len(inputs) // BATCH):
                if is_warm:
                    picked = inputs[part], choices[part], before[part], advantages[part]
                    self._move(0, policy_slope(self.policy, *picked), rate)
                self._move(1, value_slope(self.value, inputs[part], goals[part]), rate)

    def _move(self, which: int, slope: Weights, rate: float) -> None:
        """Take one step of Adam, the slope cut to length 0.5."""
        net, moments = (self.policy, self.value)[which], self.moments[which]
        self.steps[which] += 1
        length = np.sqrt(sum(float((array**2).sum()) for array in slope.values()))
        shrink = min(1.0, 0.5 / (length + 1e-8))
        for name, array in slope.items():
            first, second = moments[name]
            first += 0.1 * (array * shrink - first)
            second += 0.001 * ((array * shrink) ** 2 - second)
            corrected = second / (1 - 0.999 ** self.steps[which])
            net[name] -= rate * first / (1 - 0.9 ** self.steps[which]) / (np.sqrt(corrected) + 1e-8)


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


def policy_slope(
    weights: Weights, inputs: Array, choices: NDArray[np.int64], before: Array, advantages: Array
) -> Weights:
    """Return the gradient of PPO's clipped loss with its entropy bonus."""
    one, two, outputs = forward(weights, inputs)
    chance = chances(outputs)
    rows = np.arange(len(inputs))
    ratio = np.exp(np.log(chance[rows, choices] + 1e-8) - before)
    is_free = np.where(advantages > 0, ratio < 1 + CLIP, ratio > 1 - CLIP)
    pull = -advantages * ratio * is_free
    slope = -pull[:, None] * chance
    slope[rows, choices] += pull
    logs = np.log(chance + 1e-8)
    slope += ENTROPY * chance * (logs - (chance * logs).sum(axis=1, keepdims=True))
    return backward(weights, inputs, (one, two), (slope / len(inputs)).astype(np.float32))


def copying_slope(weights: Weights, inputs: Array, choices: NDArray[np.int64]) -> Weights:
    """Return the gradient of the cross entropy; one part in ten is left to all choices alike."""
    one, two, outputs = forward(weights, inputs)
    slope = chances(outputs) - 0.1 / len(CHOICES)
    slope[np.arange(len(inputs)), choices] -= 0.9
    return backward(weights, inputs, (one, two), (slope / len(inputs)).astype(np.float32))


def value_slope(weights: Weights, inputs: Array, goals: Array) -> Weights:
    """Return the gradient of half the mean squared error."""
    one, two, outputs = forward(weights, inputs)
    slope = (outputs - goals[:, None]) / len(inputs)
    return backward(weights, inputs, (one, two), slope.astype(np.float32))


def score_against_scripted(weights: Weights, rounds: int, first_seed: int = 10_000_000) -> float:
    """Return the mean score of the greedy policy that chooses anew each turn; both seats, the same seeds."""
    points = 0.0
    for number in range(rounds):
        bout, seat = Bout(np.random.default_rng(first_seed + number // 2)), number % 2
        winner: int | None = None
        while winner is None:
            outputs = trained.logits(weights, trained.features(seen_by(bout, seat)[None]))[0]
            own, answer = int(outputs.argmax()), scripted.choose(seen_by(bout, 1 - seat).tolist())
            winner = keep(bout, (answer, own) if seat else (own, answer), turns=1)
        points += 0.5 if winner < 0 else float(winner == seat)
    return points / rounds


def save(weights: Weights, path: Path) -> None:
    """Write weights in half precision, which is exact enough to play with."""
    halves: dict[str, Any] = {name: array.astype(np.float16) for name, array in weights.items()}
    np.savez_compressed(path, **halves)  # Any: NumPy's own signature takes arrays by name only so.


def main() -> None:
    """Train, print a Markdown table, write the weights; on the way, copies for weaker agents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--minutes", type=float, default=4.0, help="CPU minutes to train")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="where to write the weights (.npz)")
    arguments = parser.parse_args()
    trainer = Trainer(arguments.seed)
    trainer.imitate(IMITATED)
    trainer.older = [trainer.copy()]
    begin, stretches, next_report = time.process_time(), 0, 0.0
    print(
        "| CPU minutes | choices learned from | score against squire, 200 rounds |\n|---|---|---|", flush=True
    )
    while True:
        spent = (time.process_time() - begin) / 60
        is_over = spent >= arguments.minutes
        if is_over or spent >= next_report:
            score = score_against_scripted(trainer.policy, 200)
            print(f"| {spent:.1f} | {stretches * ROUNDS * STRETCH:,} | {score:.3f} |", flush=True)
            save(trainer.policy, arguments.out.with_stem(f"{arguments.out.stem}-{next_report:g}"))
            next_report += 0.5
        if is_over:
            break
        rate = 5e-4 * max(0.1, 1 - spent / arguments.minutes)
        trainer.learn(rate, is_warm=stretches >= WARMING)
        stretches += 1
        if stretches % KEEP_EVERY == 0:
            trainer.older = [*trainer.older[-KEPT + 1 :], trainer.copy()]
    save(trainer.policy, arguments.out)


if __name__ == "__main__":
    main()
