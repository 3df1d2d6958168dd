"""Pistonball's pymunk space: the walls once, the ball and the pistons as they are."""

from typing import Any, Final

from arenas.recorders.stage import INK, Body, Row, Shape, circle, line, polygon
from arenas.recorders.timeline import Recorded

_BLUE: Final = "#419fdd"
_GREY: Final = "#7d908e"
_WALL: Final = "#444c4d"
_ROD: Final = 9.0
"""Half the width of a piston's rod."""
_SHAFT: Final = 90.0
"""Length of a rod: from the highest position it still reaches into the floor."""


class PistonStage:
    """The ball and one piston a seat, in pixels; y runs down in pymunk and up in the drawing."""

    def __init__(self, adapter: Recorded) -> None:
        self._base = adapter.environment
        self._height = float(self._base.screen_height)

    def bodies(self) -> list[Body]:
        """Return the pistons in seat order and the ball, which belongs to nobody."""
        base = self._base
        self._space, self._moving = base.space, [*base.pistonList, base.ball]
        width, thick = float(base.piston_width), float(base.piston_radius)
        # A piston's origin is the left end of its head, `thick` from the edge on all sides.
        left, right, middle = -thick, width - thick, width / 2 - thick
        head = polygon([(left, -thick), (right, -thick), (right, thick), (left, thick)], _GREY, INK)
        rod = polygon([(middle + x, y) for x, y in _rectangle(_ROD, -_SHAFT)], _BLUE, INK)
        radius = float(base.ball_radius)
        # The spoke shows that it rolls.
        ball = [circle((0, 0), radius, _BLUE, INK), line([(0, 0), (radius, 0)], INK)]
        return [*(Body([rod, head], seat) for seat in range(len(base.pistonList))), Body(ball, None)]

    def row(self) -> Row:
        """Return x, y and angle of each body in turn."""
        row: list[float] = []
        for body in self._moving:
            x, y = body.position
            row += (x, self._height - y, -body.angle)
        return tuple(row)

    def changed(self) -> bool:
        """Say whether the space is another one; within an episode nothing comes or goes."""
        return self._base.space is not self._space

    def still(self) -> list[Shape]:
        """Return the walls."""
        edge, right, top = float(self._base.wall_width), float(self._base.screen_width), self._height
        corners = [(edge, edge), (right - edge, edge), (right - edge, top - edge), (edge, top - edge)]
        return [line([*corners, corners[0]], _WALL)]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return the whole screen, and below it the shafts."""
        return [0.0, -_SHAFT / 3, float(self._base.screen_width), self._height]


def is_pistonball(environment: Any) -> bool:  # Any: third-party, untyped.
    """Say whether the environment is a game of pistonball that has begun."""
    return hasattr(environment, "pistonList") and hasattr(environment, "space")


def _rectangle(half_width: float, bottom: float) -> list[tuple[float, float]]:
    return [(-half_width, 0), (half_width, 0), (half_width, bottom), (-half_width, bottom)]
