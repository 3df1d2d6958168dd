"""What a tank sees: itself, the walls along its rays, what it last knew of the other, the nearest shell.

Everything is computed from the tank itself, the walls, the storm, what is in sight, and `Tank.known`, so that
another tank out of sight cannot leak into a single number.
"""

from math import cos, hypot, pi, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from arenas.games.tank_duel.physics import CONE, SHELL_SPEED, SIGHT, TURN_SECONDS, Duel, Shell, Tank

NUMBERS: Final = 43
FEELER: Final = 5.0
"""How far the rays around the hull feel, in metres."""
FEELERS: Final = tuple((cos(pi * step / 4), sin(pi * step / 4)) for step in range(8))
"""Directions against the hull, anticlockwise from straight ahead."""
RAYS: Final = tuple((cos(CONE * step / 2), sin(CONE * step / 2)) for step in range(-2, 3))
"""Directions against the turret, from the right edge of the cone to the left."""
_NO_SHELL: Final = (0.0, 0.0, 0.0, 0.0, 0.0)


def seen_by(duel: Duel, number: int) -> NDArray[np.float32]:
    """Return what a tank sees, float32 (43,): metres, seconds and radians; x ahead, y to the left.

    Tank 1 sees the field turned by half a turn, in which it starts at the left like tank 0.
    """
    own = duel.tanks[number]
    ahead, left, x, y = own.cos, own.sin, own.x, own.y
    known = own.known
    away_x, away_y = known.x - x, known.y - y
    sign = -1.0 if number else 1.0
    return np.array(
        (
            -x * ahead - y * left,
            x * left - y * ahead,
            sign * ahead,
            sign * left,
            own.vx * ahead + own.vy * left,
            own.vy * ahead - own.vx * left,
            own.spin,
            own.turret_cos,
            own.turret_sin,
            own.armour,
            own.loading * TURN_SECONDS,
            0.0 if own.seen else 1.0,
            own.seen * TURN_SECONDS,
            away_x * ahead + away_y * left,
            away_y * ahead - away_x * left,
            known.cos * ahead + known.sin * left,
            known.sin * ahead - known.cos * left,
            known.turret_cos * ahead + known.turret_sin * left,
            known.turret_sin * ahead - known.turret_cos * left,
            known.vx * ahead + known.vy * left,
            known.vy * ahead - known.vx * left,
            known.armour,
            *(_shell(duel, number, own) if duel.shells else _NO_SHELL),
            duel.radius,
            *duel.next_storm(),
            *_rays(duel, own),
        ),
        np.float32,
    )


def _rays(duel: Duel, own: Tank) -> list[float]:
    """Return the metres to the walls: eight feelers around the hull, five rays in the cone of the turret."""
    reach, x, y = duel.field.reach, own.x, own.y
    c, s = own.cos, own.sin
    found = [reach(x, y, c * dx - s * dy, s * dx + c * dy, FEELER)[0] for dx, dy in FEELERS]
    c, s = own.gaze_cos, own.gaze_sin
    found += [reach(x, y, c * dx - s * dy, s * dx + c * dy, SIGHT)[0] for dx, dy in RAYS]
    return found


def _shell(duel: Duel, number: int, own: Tank) -> tuple[float, float, float, float, float]:
    """Return 1, place and velocity of the nearest shell in sight that may hit this tank; else zeros.

    A shell glows, so it is seen all round; one's own only counts once it comes off a wall.
    """
    nearest: Shell | None = None
    least = SIGHT
    for shell in duel.shells:
        if shell.owner == number and not shell.has_bounced:
            continue
        dx, dy = shell.x - own.x, shell.y - own.y
        far = hypot(dx, dy)
        if far < least and (far < 1e-6 or duel.field.reach(own.x, own.y, dx / far, dy / far, far)[0] >= far):
            nearest, least = shell, far
    if nearest is None:
        return _NO_SHELL
    c, s = own.cos, own.sin
    x, y, dx, dy = nearest.x - own.x, nearest.y - own.y, nearest.dx, nearest.dy
    return (
        1.0,
        x * c + y * s,
        y * c - x * s,
        SHELL_SPEED * (dx * c + dy * s),
        SHELL_SPEED * (dy * c - dx * s),
    )
