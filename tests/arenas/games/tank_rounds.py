"""Rounds of the tank duel as its tests set them up."""

import warnings
from math import pi

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Box2D's own, as in `open_arena`.
    from arenas.games.tank_duel import field
    from arenas.games.tank_duel.hiding import put
    from arenas.games.tank_duel.physics import Duel

IDLE = (0.0, 0.0, 0.0, False)
FIRE = (0.0, 0.0, 0.0, True)
AHEAD = (1.0, 0.0, 0.0, False)


def new_duel(seed=1):
    return Duel(np.random.default_rng(seed))


def open_duel(x=-4.0, two_x=4.0):
    """Return a round without blocks, the tanks loaded and face to face on a line through the middle."""
    duel = new_duel()
    duel.world.DestroyBody(next(body for body in duel.world.bodies if body.type == 0))
    duel.field.blocks.clear()
    duel.field.solid[:] = bytes(len(duel.field.solid))
    duel.field._close()
    for tank, at, angle in zip(duel.tanks, (x, two_x), (0.0, pi), strict=True):
        put(tank, at, 0.0, angle)
        tank.loading = 0
    return duel


def build(duel, block):
    """Put a block of wall into a field, for shells and sight."""
    duel.field.blocks.append(block)
    field._fill(duel.field.solid, block)


def random_orders(rng, turns):
    """Return orders that hold for some turns, so that tanks get about."""
    drawn = np.repeat(rng.uniform(-1, 1, (turns // 10 + 1, 2, 4)), 10, axis=0)[:turns]
    return [tuple((t, w, g, bool(f > 0)) for t, w, g, f in pair.tolist()) for pair in drawn]


class Drawn:
    """Stands for the generator: gives the numbers of a seed, some of them changed."""

    def __init__(self, seed, headings, left=0):
        self.numbers = np.random.default_rng(seed).random(4 + 3 * field.TRIES)
        self.numbers[2:4] = headings
        self.left = left

    def random(self, count):
        assert count == len(self.numbers)
        return self.numbers

    def integers(self, high):
        assert high == 2
        return self.left
