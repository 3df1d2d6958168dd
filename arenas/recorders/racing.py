"""Gymnasium's car racing from above: the track once, hull and wheels as they are, a view that follows."""

from typing import Any, Final

from arenas.recorders.stage import INK, Body, Row, Shape, circle, colour, polygon
from arenas.recorders.timeline import Recorded

_VIEW: Final = 26.0
"""Metres around the car that are shown."""
_GRASS: Final = "#7fb069"
_ROAD: Final = "#8b8d94"
_NONE: Final = ""


class RacingStage:
    """A car of one hull and four wheels on a closed track."""

    def __init__(self, adapter: Recorded) -> None:
        self._environment: Any = adapter.environment  # Any: Box2D has no types.
        self._parts: list[Any] = []

    def bodies(self) -> list[Body]:
        """Return wheels and hull; the player keeps the unseen circle around the hull in view."""
        car = self._environment.car
        self._parts = [*car.wheels, car.hull]
        found = [Body(_outline(part), 0) for part in self._parts]
        found[-1].shapes.append(circle((0.0, 0.0), _VIEW, _NONE, _NONE))
        return found

    def row(self) -> Row:
        """Return x, y and angle of each body in turn."""
        found: list[float] = []
        for part in self._parts:
            place = part.position
            found += (place.x, place.y, part.angle)
        return tuple(found)

    def changed(self) -> bool:
        """Say whether there is another car; none comes within an episode."""
        return False

    def still(self) -> list[Shape]:
        """Return the grass, the pieces of the road and its kerbs."""
        # Centimetres are enough for a road, and a third shorter.
        road = [
            polygon([(round(x, 2), round(y, 2)) for x, y in corners], tint, tint)
            for corners, tint in (
                (corners, _tint(painted)) for corners, painted in self._environment.road_poly
            )
        ]
        reach = max(
            (abs(number) for shape in road for point in shape["points"] for number in point), default=0.0
        )
        side = round(reach + 2 * _VIEW)
        return [polygon([(-side, -side), (side, -side), (side, side), (-side, side)], _GRASS, _GRASS), *road]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return that the view follows the car."""
        return "follow"


def is_racing(environment: object) -> bool:
    """Say whether the environment is a car on a track."""
    return hasattr(environment, "road_poly") and hasattr(environment, "car")


def _outline(part: Any) -> list[Shape]:  # Any: as above.
    fill = colour(part.color)
    return [
        polygon([tuple(corner) for corner in fixture.shape.vertices], fill, INK) for fixture in part.fixtures
    ]


def _tint(painted: Any) -> str:  # Any: an array for road, three numbers for a kerb.
    """Return a kerb's own colour; pieces of road differ by so little that one grey will do."""
    red, green, blue = (float(number) for number in painted)
    return _ROAD if red == green == blue and red < 255 else colour((red, green, blue))
