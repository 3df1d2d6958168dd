"""What joust looks like: its colours, and a picture for local use, drawn in memory without a window."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from arenas.games.joust import physics
from arenas.games.joust.physics import Corners

if TYPE_CHECKING:
    import pygame

    from arenas.games.joust.physics import Bout

Colour = tuple[int, int, int]

WIDTH, HEIGHT = 640, 240
_SCALE: Final = WIDTH / (2 * physics.HALF + 2.0)
_BELOW: Final = 1.4
"""Metres that are seen below the bridge."""
SKY: Final = (214, 230, 240)
WATER: Final = (92, 136, 162)
WATER_LEVEL: Final = -0.9
PLANKS: Final = ((190, 150, 100), (172, 133, 86))
"""Colours of the planks, in turn from the left."""
TIMBER: Final = (122, 92, 58)
COLOURS: Final = ((212, 81, 43), (47, 127, 193))
"""The colours that seats have everywhere."""
DARK: Final = ((142, 49, 25), (28, 82, 127))
"""The legs behind, in the colours' shade."""
ARMOUR: Final = (192, 197, 205)
SHAFT: Final = (240, 214, 150)
STEEL: Final = (70, 76, 88)

HELMET: Final[Corners] = ((-0.13, 0.78), (0.14, 0.78), (0.18, 0.9), (0.1, 1.05), (-0.1, 1.05), (-0.15, 0.92))
PLUME: Final[Corners] = ((-0.02, 1.05), (-0.16, 1.2), (-0.42, 1.16), (-0.3, 1.06), (-0.12, 1.0))
CLOTH: Final[Corners] = (
    (-0.62, 0.22),
    (0.42, 0.22),
    (0.36, -0.24),
    (0.12, -0.14),
    (-0.12, -0.28),
    (-0.36, -0.14),
    (-0.6, -0.26),
)
"""The cloth on the mount; helmet, plume, cloth and pennant are only drawn, they touch nothing."""
PENNANT: Final[Corners] = ((1.3, -0.03), (1.55, -0.03), (1.2, -0.36), (1.18, -0.2), (1.02, -0.22))
GRIP: Final[Corners] = ((0.02, 0.13), (0.16, 0.05), (0.16, -0.05), (0.02, -0.13))


def pieces(seat: int) -> list[list[tuple[Corners, Colour]]]:
    """Return what each body of a walker is drawn with, looking to the right; in the order of its parts."""
    colour, dark = COLOURS[seat], DARK[seat]
    return [
        [
            (PLUME, colour),
            (physics.RIDER, ARMOUR),
            (HELMET, ARMOUR),
            (physics.HULL, STEEL),
            (CLOTH, colour),
        ],
        [(physics.THIGH_SHAPE, colour)],
        [(physics.SHIN_SHAPE, colour)],
        [(physics.THIGH_SHAPE, dark)],
        [(physics.SHIN_SHAPE, dark)],
        [(PENNANT, colour), (physics.LANCE_SHAPE, SHAFT), (GRIP, STEEL)],
    ]


ORDER: Final = (4, 3, 0, 2, 1, 5)
"""The parts of a walker, those at the back first: leg, hull, leg, lance."""


def planks(half: float) -> list[float]:
    """Return the left ends of the planks that are left on a bridge of half that length."""
    count = round(2 * half / physics.PLANK)
    return [-half + physics.PLANK * number for number in range(count)]


def plank_colour(left: float) -> Colour:
    """Return a plank's colour by its left end, the same all round long."""
    return PLANKS[round((left + physics.HALF) / physics.PLANK) % 2]


def picture_of(bout: "Bout") -> NDArray[np.uint8]:
    """Return the round as it stands, uint8 (240, 640, 3)."""
    # Imported only to draw: matches need the colours alone, and pygame loads longer than a round is played.
    import pygame

    surface = pygame.Surface((WIDTH, HEIGHT))
    surface.fill(SKY)
    pygame.draw.rect(surface, WATER, (0, _pixel(0.0, WATER_LEVEL)[1], WIDTH, HEIGHT))
    for left in planks(bout.half):
        x, y = _pixel(left, 0.0)
        pygame.draw.rect(
            surface, plank_colour(left), (x, y, _SCALE * physics.PLANK + 1, _SCALE * physics.THICK)
        )
    for seat in (0, 1):
        _draw(surface, bout, seat)
    return np.asarray(np.swapaxes(pygame.surfarray.array3d(surface), 0, 1), np.uint8)


def _draw(surface: "pygame.Surface", bout: "Bout", seat: int) -> None:
    import pygame

    walker = bout.walkers[seat]
    looks = pieces(seat)
    for number in ORDER:
        transform = walker.parts[number].transform
        for corners, fill in looks[number]:
            spots = [_pixel(*(transform * (walker.side * x, y))) for x, y in corners]
            pygame.draw.polygon(surface, fill, spots)


def _pixel(x: float, y: float) -> tuple[float, float]:
    return WIDTH / 2 + x * _SCALE, HEIGHT - (y + _BELOW) * _SCALE
