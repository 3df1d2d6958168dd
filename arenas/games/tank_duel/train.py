"""Search the numbers of the tank duel's `trained` agent by the cross-entropy method; NumPy only, one core.

How it works. Each round draws 20 variants of the sixteen numbers around the current ones. All of them play
the same seeds with both tanks, against the gunner, against what a person thought of, and against the current
numbers; the mean and spread of the best five are the next numbers. What counts is victory and the lead in hit
points at the end, which tells more than victory alone.
Run: python -m arenas.games.tank_duel.train --rounds 5 --seed 1 --out numbers.npy
Source: Mannor, Rubinstein & Gat 2003, ICML, section 4 (cross-entropy for policy search).
"""

import argparse
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from arenas.games.tank_duel.physics import ARMOUR, Duel
from arenas.games.tank_duel.sight import seen_by

# The agents are plain Python as a participant would write it; what they do is taught and measured here.
trained = import_module("arenas.games.tank_duel.baselines.trained.agent")
gunner = import_module("arenas.games.tank_duel.baselines.gunner")

Numbers: TypeAlias = NDArray[np.float64]
Player: TypeAlias = Callable[[list[float]], tuple[float, float, float, float]]
Maker: TypeAlias = Callable[[], Player]
"""Gives a player for one round."""

VARIANTS, ELITE = 20, 5
PLAYED = {"gunner": 6, "begun": 5, "current": 5}
"""Seeds of a round against each rival; each is played with both tanks."""
LEAST_SPREAD = 0.15
"""The spread never falls below this part of the first one, so that a lucky round is not the last word."""
TEST_SEED = 10_000_000


def maker(numbers: Numbers) -> Maker:
    """Return what gives players with these numbers."""
    return lambda: trained.Agent(numbers).orders


def gunners() -> Player:
    """Return the gunner."""
    return gunner.orders  # type: ignore[no-any-return]  # plain Python without types


def play(first: Player, second: Player, seed: int, tank: int) -> tuple[float, float]:
    """Play one round; return the first player's score (1, 0.5 or 0) and its lead in hit points, -1 to 1.

    Args:
        first: who is measured.
        second: its rival.
        seed: of the round.
        tank: of the first player.
    """
    duel = Duel(np.random.default_rng(seed))
    while (winner := duel.winner()) is None:
        own, other = first(seen_by(duel, tank).tolist()), second(seen_by(duel, 1 - tank).tolist())
        orders = [(*order[:3], order[3] > 0) for order in ((other, own) if tank else (own, other))]
        duel.play(*orders)
    lead = duel.tanks[tank].armour - duel.tanks[1 - tank].armour
    return (0.5 if winner < 0 else float(winner == tank)), max(-1.0, min(1.0, lead / ARMOUR))


def worth(numbers: Numbers, rivals: dict[str, Maker], seed: int) -> float:
    """Return what numbers are worth against all rivals, -1 to 1."""
    make = maker(numbers)
    found = []
    for name, rival in rivals.items():
        for number in range(2 * PLAYED[name]):
            score, lead = play(make(), rival(), seed + number // 2, number % 2)
            found.append(score - 0.5 + lead / 2)
    return float(np.mean(found))


def score_against(numbers: Numbers, rival: Maker, rounds: int) -> float:
    """Return the mean score over seeds that the search never plays."""
    make = maker(numbers)
    scores = [play(make(), rival(), TEST_SEED + number // 2, number % 2)[0] for number in range(rounds)]
    return float(np.mean(scores))


def main() -> None:
    """Search, print a Markdown table, write the numbers; the same seed gives the same numbers again."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of search; one takes 11 CPU seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="where to write the numbers (.npy)")
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    mean, first_spread = np.array(trained.START), np.array(trained.SPREAD)
    spread, begun = first_spread.copy(), maker(np.array(trained.START))
    print("| rounds of search | CPU minutes | score against the gunner | against what it began with |")
    print("|---|---|---|---|")
    begin = time.process_time()
    for searched in range(arguments.rounds + 1):
        if searched % 5 == 0 or searched == arguments.rounds:
            spent = (time.process_time() - begin) / 60
            scores = [score_against(mean, rival, 200) for rival in (gunners, begun)]
            print(f"| {searched} | {spent:.1f} | {scores[0]:.3f} | {scores[1]:.3f} |", flush=True)
            np.save(arguments.out, mean)
        if searched == arguments.rounds:
            break
        rivals = {"gunner": gunners, "begun": begun, "current": maker(mean.copy())}
        variants = mean + spread * rng.standard_normal((VARIANTS, len(mean)))
        seed = 1000 * (searched + 1)
        best = np.argsort([-worth(variant, rivals, seed) for variant in variants])[:ELITE]
        mean = 0.3 * mean + 0.7 * variants[best].mean(axis=0)
        spread = np.maximum(LEAST_SPREAD * first_spread, 0.3 * spread + 0.7 * variants[best].std(axis=0))


if __name__ == "__main__":
    main()
