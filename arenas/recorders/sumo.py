"""Sumo's ring from above: planks while they are there, the two machines, a flame behind who boosts."""

from typing import Any, Final

from arenas.recorders.stage import INK, Body, Row, Shape, circle, colour, polygon
from arenas.recorders.timeline import Recorded

_HIDDEN: Final = 0.0
_BEHIND: Final = 0.45
"""How far back the flame lies: under the hull, or behind it."""
_PIT: Final = 0.6
"""By so much the pit is wider than the ring."""
_EDGE: Final = "#b03a2e"
_GAP: Final = "#c4a775"
_FLAME: Final = "#ffb224"


class SumoStage:
    """Two machines on the planks that are left; where a plank falls, the bodies are listed anew."""

    def __init__(self, adapter: Recorded) -> None:
        # Imported now: only who has the environment has what it is drawn with.
        from arenas.games.sumo import drawing, physics

        self._bout: Any = adapter.environment.bout  # Any: the environment's module is not loaded here.
        self._drawing, self._physics = drawing, physics
        self._radius = 0.0

    def bodies(self) -> list[Body]:
        """Return the ring of the planks that are left, the flames, and the machines over them."""
        drawing, physics = self._drawing, self._physics
        self._radius = self._bout.radius
        left = drawing.radii(self._radius)
        fallen = len(physics.FALLS) + 1 - len(left)
        ring = [
            circle((0.0, 0.0), radius, colour(drawing.PLANKS[number % 2]), _GAP if number > fallen else _EDGE)
            for number, radius in enumerate(left, start=fallen)
        ]
        flame = Body([polygon([(x + _BEHIND, y) for x, y in drawing.FLAME_SHAPE], _FLAME, INK)], None)
        machines = [Body(self._machine(seat), seat) for seat in (0, 1)]
        return [Body(ring, None), flame, flame, *machines]

    def row(self) -> Row:
        """Return x, y and angle of the ring, the flames and the machines."""
        one, two = self._bout.machines
        back = _BEHIND if one.boosts else _HIDDEN
        back_two = _BEHIND if two.boosts else _HIDDEN
        return (
            *(0.0, 0.0, 0.0),
            *(one.x - back * one.cos, one.y - back * one.sin, one.angle),
            *(two.x - back_two * two.cos, two.y - back_two * two.sin, two.angle),
            *(one.x, one.y, one.angle),
            *(two.x, two.y, two.angle),
        )

    def changed(self) -> bool:
        """Say whether a plank has fallen."""
        return bool(self._bout.radius != self._radius)

    def still(self) -> list[Shape]:
        """Return the pit that the planks fall into."""
        return [circle((0.0, 0.0), self._physics.RADIUS + _PIT, colour(self._drawing.VOID), INK)]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return the whole ring, with room to fall off it."""
        side = round(self._physics.RADIUS + _PIT + 0.1, 3)
        return [-side, -side, side, side]

    def _machine(self, seat: int) -> list[Shape]:
        physics = self._physics
        hull, steel = colour(self._drawing.HULLS[seat]), colour(self._drawing.STEEL)
        tracks = [polygon(list(track), steel, INK) for track in physics.TRACKS]
        return [*tracks, polygon(list(physics.HULL), hull, INK), polygon(list(physics.BLADE), steel, INK)]


def is_sumo(environment: object) -> bool:
    """Say whether the environment is a round of sumo that has begun."""
    return hasattr(getattr(environment, "bout", None), "machines")
