"""Changes of what a tank cannot see, for the certificate: its view must stay the same."""

from math import cos, hypot, pi, sin
from typing import Any, Final

import numpy as np

from arenas.games.tank_duel.field import HALF_LENGTH, HALF_WIDTH, Field
from arenas.games.tank_duel.physics import ARMOUR, LENGTH, RELOAD_TURNS, Duel, Tank

_TRIES: Final = 200
_ROOM: Final = 0.8
"""Metres that a tank needs around its middle, whichever way it stands."""


def move_unseen(
    environment: Any, seat: int, rng: np.random.Generator
) -> None:  # Any: the module loads Box2D.
    """Put the other tank elsewhere out of sight, damaged and aiming anywhere; load its gun in any case."""
    duel: Duel = environment.duel
    number = seat ^ environment.left
    own, other = duel.tanks[number], duel.tanks[1 - number]
    other.loading = int(rng.integers(RELOAD_TURNS + 1))
    if not own.seen:
        return
    for _ in range(_TRIES):
        x, y = (
            rng.uniform(_ROOM - HALF_LENGTH, HALF_LENGTH - _ROOM),
            rng.uniform(-1, 1) * (HALF_WIDTH - _ROOM),
        )
        if _has_room(duel.field, x, y) and is_hidden(duel, own, x, y):
            put(other, x, y, rng.uniform(-pi, pi), rng.uniform(-pi, pi))
            other.armour = float(rng.uniform(1.0, ARMOUR))
            return


def put(tank: Tank, x: float, y: float, angle: float, turret: float = 0.0) -> None:
    """Set a tank down at rest."""
    tank.body.position, tank.body.angle = (x, y), angle
    tank.body.linearVelocity, tank.body.angularVelocity = (0.0, 0.0), 0.0
    tank.read()
    tank.turret = turret
    tank.aim(0.0)


def is_hidden(duel: Duel, own: Tank, x: float, y: float) -> bool:
    """Say whether a tank at a place would be out of a tank's sight, and would not touch it."""
    dx, dy = x - own.x, y - own.y
    far = hypot(dx, dy)
    if far < 1.5 * LENGTH:
        return False
    return not own.sees(dx, dy, far) or duel.field.reach(own.x, own.y, dx / far, dy / far, far)[0] < far


def _has_room(field: Field, x: float, y: float) -> bool:
    if field.is_wall(x, y):
        return False
    ways = (pi / 4 * step for step in range(8))
    return all(field.reach(x, y, cos(way), sin(way), _ROOM)[0] >= _ROOM for way in ways)
