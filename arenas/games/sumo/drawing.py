"""What sumo looks like: its colours, and a picture for local use, drawn in memory without a window."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from arenas.games.sumo import physics

if TYPE_CHECKING:
    import pygame

    from arenas.games.sumo.physics import Bout, Machine

SIDE: Final = 480
_SCALE: Final = SIDE / (2 * physics.RADIUS + 1.0)
VOID: Final = (38, 42, 51)
PLANKS: Final = ((224, 201, 160), (214, 188, 144))
"""Colours of the planks, in turn from the outside."""
HULLS: Final = ((212, 81, 43), (47, 127, 193))
"""The colours that seats have everywhere."""
STEEL: Final = (70, 76, 88)
EDGE: Final = (176, 58, 46)
FLAME: Final = (255, 178, 36)
FLAME_SHAPE: Final[physics.Corners] = ((-0.5, 0.22), (-0.9, 0.0), (-0.5, -0.22))


def radii(radius: float) -> list[float]:
    """Return the outer radii of the planks that are left, the widest first."""
    return [radius, *(fallen for _, fallen in physics.FALLS if fallen < radius)]


def picture_of(bout: "Bout") -> NDArray[np.uint8]:
    """Return the round as it stands, uint8 (480, 480, 3)."""
    # Imported only to draw: matches need the colours alone, and pygame loads longer than a round is played.
    import pygame

    surface = pygame.Surface((SIDE, SIDE))
    surface.fill(VOID)
    centre = (SIDE // 2, SIDE // 2)
    left = radii(bout.radius)
    for plank, radius in enumerate(left, start=len(physics.FALLS) + 1 - len(left)):
        pygame.draw.circle(surface, PLANKS[plank % 2], centre, round(radius * _SCALE))
    pygame.draw.circle(surface, EDGE, centre, round(bout.radius * _SCALE), width=2)
    for machine, colour in zip(bout.machines, HULLS, strict=True):
        _draw(surface, machine, colour)
    return np.asarray(np.swapaxes(pygame.surfarray.array3d(surface), 0, 1), np.uint8)


def _draw(surface: "pygame.Surface", machine: "Machine", colour: tuple[int, int, int]) -> None:
    import pygame

    parts = [(physics.HULL, colour), (physics.BLADE, STEEL)] + [(track, STEEL) for track in physics.TRACKS]
    if machine.boosts:
        parts.append((FLAME_SHAPE, FLAME))
    for corners, fill in parts:
        pygame.draw.polygon(surface, fill, [_pixel(machine, *corner) for corner in corners])


def _pixel(machine: "Machine", ahead: float, left: float) -> tuple[float, float]:
    x = machine.x + ahead * machine.cos - left * machine.sin
    y = machine.y + ahead * machine.sin + left * machine.cos
    return SIDE / 2 + x * _SCALE, SIDE / 2 - y * _SCALE
