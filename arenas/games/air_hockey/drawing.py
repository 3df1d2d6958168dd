"""What air hockey looks like: its colours, and a picture for local use, drawn in memory without a window."""

from math import cos, pi, sin
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from arenas.games.air_hockey import physics

if TYPE_CHECKING:
    from arenas.games.air_hockey.physics import Rink

Colour = tuple[int, int, int]

WIDTH: Final = 640
FRAME: Final[Colour] = (62, 47, 40)
"""The wood around the table."""
ICE: Final[Colour] = (243, 248, 251)
MARKS: Final[Colour] = (154, 190, 212)
MIDDLE: Final[Colour] = (201, 100, 84)
POCKETS: Final[Colour] = (38, 34, 36)
PUCK: Final[Colour] = (38, 42, 51)
STRIPE: Final[Colour] = (255, 178, 36)
"""A bar across the puck, by which its spin is seen."""
MALLETS: Final[tuple[Colour, ...]] = ((212, 81, 43), (47, 127, 193))
"""The colours of the sides; those that two seats have everywhere."""
MATES: Final[tuple[Colour, ...]] = ((232, 145, 58), (70, 170, 200))
"""The colours of the second mallets of a side."""
RIM: Final = 0.35
"""Width of the frame, in metres."""
KNOB: Final = 0.13
CIRCLE: Final = 0.9
"""Radius of the circle in the middle and of the two at the mouths."""


def colours_of(side: int) -> tuple[Colour, ...]:
    """Return the colour of each seat.

    Args:
        side: mallets a side, 1 or 2.
    """
    return MALLETS if side == 1 else (MALLETS[0], MATES[0], MALLETS[1], MATES[1])


def outline(side: int) -> physics.Points:
    """Return the ice between the cushions, all around, without the pockets.

    Args:
        side: mallets a side, 1 or 2.
    """
    upper = physics.cushion(side)[1:-1]
    return (*upper, *((-x, -y) for x, y in upper))


def pocket(side: int) -> physics.Points:
    """Return the pocket to the right.

    Args:
        side: mallets a side, 1 or 2.
    """
    length, mouth = physics.HALF_LENGTH[side], physics.HALF_MOUTH[side]
    deep = length + RIM * 0.75
    return ((length, mouth), (deep, mouth), (deep, -mouth), (length, -mouth))


def crease(side: int, way: int) -> list[tuple[float, float]]:
    """Return the half circle before a mouth.

    Args:
        side: mallets a side, 1 or 2.
        way: 1 for the end to the right, -1 for that to the left.
    """
    length, mouth = physics.HALF_LENGTH[side], physics.HALF_MOUTH[side]
    angles = [pi / 2 + pi * count / 16 for count in range(17)]
    return [(way * (length + mouth * cos(angle)), mouth * sin(angle)) for angle in angles]


def stripe() -> physics.Points:
    """Return the bar across the puck."""
    return ((-0.15, -0.035), (0.15, -0.035), (0.15, 0.035), (-0.15, 0.035))


def picture_of(rink: "Rink") -> NDArray[np.uint8]:
    """Return the game as it stands, uint8 (height, 640, 3)."""
    # Imported only to draw: matches need the colours alone, and pygame loads longer than a game is played.
    import pygame

    side = rink.side
    length, width = rink.length + RIM, physics.HALF_WIDTH[side] + RIM
    scale = WIDTH / (2 * length)
    surface = pygame.Surface((WIDTH, round(2 * width * scale)))
    surface.fill(FRAME)

    def pixel(x: float, y: float) -> tuple[float, float]:
        return (x + length) * scale, (width - y) * scale

    for turn in (1, -1):
        pygame.draw.polygon(surface, POCKETS, [pixel(turn * x, y) for x, y in pocket(side)])
    pygame.draw.polygon(surface, ICE, [pixel(x, y) for x, y in outline(side)])
    for way in (1, -1):
        pygame.draw.lines(surface, MARKS, False, [pixel(x, y) for x, y in crease(side, way)], width=2)
    pygame.draw.circle(surface, MIDDLE, pixel(0, 0), CIRCLE * scale, width=2)
    pygame.draw.line(
        surface, MIDDLE, pixel(0, physics.HALF_WIDTH[side]), pixel(0, -physics.HALF_WIDTH[side]), width=2
    )
    for mallet, colour in zip(rink.mallets, colours_of(side), strict=True):
        pygame.draw.circle(surface, colour, pixel(mallet.x, mallet.y), physics.MALLET * scale)
        pygame.draw.circle(surface, ICE, pixel(mallet.x, mallet.y), KNOB * scale, width=2)
    pygame.draw.circle(surface, PUCK, pixel(rink.puck.x, rink.puck.y), physics.PUCK * scale)
    return np.asarray(np.swapaxes(pygame.surfarray.array3d(surface), 0, 1), np.uint8)
