"""What a tank duel looks like: its colours and shapes, and a picture for local use, drawn in memory."""

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arenas.games.tank_duel import physics
from arenas.games.tank_duel.field import HALF_LENGTH, rim

if TYPE_CHECKING:
    import pygame

    from arenas.games.tank_duel.physics import Duel, Tank

Corners: TypeAlias = tuple[tuple[float, float], ...]
Colour: TypeAlias = tuple[int, int, int]

SIDES: Final = (480, 384)
_SCALE: Final = SIDES[0] / (2 * HALF_LENGTH + 2)
SAND: Final = (222, 205, 170)
STORM: Final = (132, 112, 128)
WALL: Final = (92, 84, 76)
STEEL: Final = (58, 62, 72)
HULLS: Final = ((212, 81, 43), (47, 127, 193))
"""The colours that seats have everywhere."""
TURRETS: Final = ((160, 54, 24), (28, 86, 138))
SHELL: Final = (28, 30, 36)
FLASH: Final = (255, 178, 36)
SPARK: Final = (255, 240, 190)

_LONG, _WIDE = physics.LENGTH / 2, physics.WIDTH / 2
HULL: Final[Corners] = (
    (-_LONG, -0.26),
    (_LONG - 0.1, -0.26),
    (_LONG, -0.14),
    (_LONG, 0.14),
    (_LONG - 0.1, 0.26),
    (-_LONG, 0.26),
)
TRACKS: Final[tuple[Corners, ...]] = (
    ((-_LONG, 0.22), (_LONG, 0.22), (_LONG, _WIDE), (-_LONG, _WIDE)),
    ((-_LONG, -_WIDE), (_LONG, -_WIDE), (_LONG, -0.22), (-_LONG, -0.22)),
)
LINKS: Final[tuple[Corners, ...]] = tuple(
    ((x, side * 0.24), (x, side * (_WIDE - 0.02))) for side in (1, -1) for x in (-0.4, -0.2, 0.0, 0.2, 0.4)
)
"""The links of the tracks, as lines across them."""
ENGINE: Final[Corners] = ((-_LONG + 0.04, -0.18), (-0.36, -0.18), (-0.36, 0.18), (-_LONG + 0.04, 0.18))
"""The grille of the engine shows where the armour is thin."""
TURRET: Final[Corners] = (
    (-0.24, -0.16),
    (-0.1, -0.24),
    (0.16, -0.2),
    (0.26, -0.08),
    (0.26, 0.08),
    (0.16, 0.2),
    (-0.1, 0.24),
    (-0.24, 0.16),
)
BARREL: Final[Corners] = ((0.22, -0.05), (0.85, -0.05), (0.85, 0.05), (0.22, 0.05))
SHELL_RADIUS: Final = 0.12


def picture_of(duel: "Duel", left: int) -> NDArray[np.uint8]:
    """Return the round as it stands, uint8 (384, 480, 3).

    Args:
        duel: the round.
        left: the seat of tank 0.
    """
    # Imported only to draw: matches need the colours alone, and pygame loads longer than a round is played.
    import pygame

    surface = pygame.Surface(SIDES)
    surface.fill(STORM)
    pygame.draw.circle(surface, SAND, _pixel(0.0, 0.0), duel.radius * _SCALE)
    for x, y, right, top in (*rim(), *duel.field.blocks):
        corners = ((x, y), (right, y), (right, top), (x, top))
        pygame.draw.polygon(surface, WALL, [_pixel(*corner) for corner in corners])
    for number, tank in enumerate(duel.tanks):
        _draw(surface, tank, left ^ number)
    for shell in duel.shells:
        pygame.draw.circle(surface, SHELL, _pixel(shell.x, shell.y), SHELL_RADIUS * _SCALE)
    for event in duel.events:
        pygame.draw.circle(surface, FLASH, _pixel(event.x, event.y), 0.3 * _SCALE)
    return np.asarray(np.swapaxes(pygame.surfarray.array3d(surface), 0, 1), np.uint8)


def _draw(surface: "pygame.Surface", tank: "Tank", seat: int) -> None:
    import pygame

    hull, gun = (tank.cos, tank.sin), (tank.gaze_cos, tank.gaze_sin)
    parts = [(track, STEEL, hull) for track in TRACKS]
    parts += [
        (HULL, HULLS[seat], hull),
        (ENGINE, STEEL, hull),
        (BARREL, STEEL, gun),
        (TURRET, TURRETS[seat], gun),
    ]
    for corners, fill, (c, s) in parts:
        points = [_pixel(tank.x + x * c - y * s, tank.y + x * s + y * c) for x, y in corners]
        pygame.draw.polygon(surface, fill, points)


def _pixel(x: float, y: float) -> tuple[float, float]:
    return SIDES[0] / 2 + x * _SCALE, SIDES[1] / 2 - y * _SCALE
