"""Look for joust's ways to walk and to stand, one at a time, by the cross-entropy method; NumPy only.

How it works. Numbers of a gait are drawn around a middle; those that do best give the next middle and how far
to draw around it. A way to walk, to go back or to stand is tried alone on a long bridge, with a push now and
then; the lunge from lance's reach, against one who stands and one who walks.
Run: python -m arenas.games.joust.tune walk --seed 5
Source: Rubinstein 1999, Methodology and Computing in Applied Probability 1:127-190.
"""

import argparse
from collections.abc import Callable
from typing import Final

import numpy as np

from arenas.games.joust import gaits
from arenas.games.joust.gaits import Gait
from arenas.games.joust.physics import JOINTS, START, TURN_SECONDS, Bout, Five, Walker

DRAWN, BEST, TRIES = 48, 9, 4
GENERATIONS: Final = 20
FLOOR: Final = 0.04
"""By so much of the first width gaits are drawn around the middle at least."""
WIDTH: Final = Gait(0.15, 0.15, 0.15, 0.15, 0.15, 0.4, 0.2, 0.1, 0.15, 0.3)
LONG: Final = 40.0
_PUSH_EVERY: Final = 25


def bends_of(gait: Gait, walker: Walker, beat: float) -> Five:
    """Return what a gait asks of the joints, the lance level."""
    asked = (*gaits.legs(gait, walker, beat), 0.0)
    hip, knee, hip_two, knee_two, lance = (
        min(kind.high, max(kind.low, angle)) for kind, angle in zip(JOINTS, asked, strict=True)
    )
    return hip, knee, hip_two, knee_two, lance


def shift(walker: Walker, x: float) -> None:
    """Set a walker elsewhere on the bridge."""
    for part in walker.parts:
        part.position = (part.position.x + x, part.position.y)
    walker.read()


def alone(ways: list[tuple[Gait, int]], seed: int, push: float) -> tuple[list[float], float, float]:
    """Let one walker do one thing after the other, each for some turns.

    Returns:
        How far it came in each part (metres), its mean squared lean, and the share of the turns it stood.
    """
    rng = np.random.default_rng(seed)
    bout = Bout(rng)
    bout.lay(LONG)
    walker, other = bout.walkers
    shift(other, walker.side * START * 3)
    turns, lean, last = 0, 0.0, sum(count for _, count in ways)
    far = [0.0] * len(ways)
    for part, (gait, count) in enumerate(ways):
        start = walker.side * walker.x
        for _ in range(count):
            orders = bends_of(gait, walker, bout.beat(0)), bends_of(gaits.BRACE, other, 0.0)
            bout.play(orders)
            turns, lean = turns + 1, lean + walker.angle**2
            if turns % _PUSH_EVERY == 0:
                impulse = (float(rng.normal()) * push, 0.0)
                walker.hull.ApplyLinearImpulse(impulse, walker.hull.worldCenter, True)
            far[part] = walker.side * walker.x - start
            if walker.is_down():
                return far, lean / turns, turns / last
    return far, lean / turns, 1.0


def worth_of_walk(gait: Gait, seed: int) -> float:
    """Return metres ahead, before and after a short stand, and what standing is worth."""
    (first, _, then), lean, stood = alone([(gait, 90), (gaits.BRACE, 20), (gait, 40)], seed, 0.3)
    return 1.5 * (min(first, 5.0) + min(then, 2.0)) + 8 * stood - 4 * lean


def worth_of_back(gait: Gait, seed: int) -> float:
    """Return metres back and what standing is worth."""
    (far,), lean, stood = alone([(gait, 75)], seed, 0.2)
    return -3 * max(far, -3.0) + 8 * stood - 4 * lean


def worth_of_brace(gait: Gait, seed: int) -> float:
    """Return what it is worth to stand where one is under hard pushes."""
    (far,), lean, stood = alone([(gait, 120)], seed, 3.0)
    return 8 * stood - 5 * lean - abs(far)


def worth_of_lunge(gait: Gait, seed: int) -> float:
    """Return what it is worth to win soon, or ground, from about lance's reach."""
    rng = np.random.default_rng(seed)
    bout = Bout(rng)
    walker, other = bout.walkers
    gap = float(rng.uniform(2.4, 3.0))
    for one in bout.walkers:
        shift(one, one.side * (START - gap / 2))
    answer = gaits.BRACE if seed % 3 else gaits.WALK
    for _ in range(150):
        bout.play((bends_of(gait, walker, bout.beat(0)), bends_of(answer, other, bout.beat(1))))
        winner = bout.winner()
        if winner is not None:
            seconds = bout.turn * TURN_SECONDS
            return 10 - seconds if winner == 0 else -6 + 0.6 * seconds
    return 2 * bout.ground()


WORTHS: Final[dict[str, Callable[[Gait, int], float]]] = {
    "brace": worth_of_brace,
    "walk": worth_of_walk,
    "back": worth_of_back,
    "lunge": worth_of_lunge,
}


def search(worth: Callable[[Gait, int], float], start: Gait, seed: int, generations: int) -> Gait:
    """Return the middle of the last generation's best."""
    rng = np.random.default_rng(seed)
    middle = np.array(start)
    # What a gait leaves out stays out: standing has no swing, walking no leg that stays ahead.
    least = np.array(WIDTH) * (middle != 0)
    width = least.copy()
    for generation in range(generations):
        drawn = middle + width * rng.standard_normal((DRAWN, len(middle)))
        drawn[0] = middle
        seeds = range(TRIES * generation, TRIES * (generation + 1))
        worths = [np.mean([worth(Gait(*row.tolist()), seed * 1000 + n) for n in seeds]) for row in drawn]
        best = drawn[np.argsort(worths)[-BEST:]]
        middle, width = best.mean(axis=0), best.std(axis=0) + FLOOR * least
        print(f"{generation} {np.median(worths):.2f} {worths[0]:.2f}", flush=True)
    return Gait(*(round(number, 3) for number in middle.tolist()))


def main() -> None:
    """Search from the numbers of today and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("way", choices=WORTHS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--generations", type=int, default=GENERATIONS)
    arguments = parser.parse_args()
    start: Gait = getattr(gaits, arguments.way.upper())
    print(search(WORTHS[arguments.way], start, arguments.seed, arguments.generations))


if __name__ == "__main__":
    main()
