"""Any environment with a Box2D world: terrain once, dynamic bodies as they are."""

from typing import Any

from arenas.recorders.stage import GROUND, INK, Body, Row, Shape, circle, colour, line, polygon
from arenas.recorders.timeline import Recorded

_STATIC = 0  # b2_staticBody
_FILL, _RIM = (128, 128, 192), (43, 47, 54)
_WIDEST_WHOLE_VIEW = 40.0
"""Metres of terrain that fit on a screen; a wider world is followed."""


class Box2dStage:
    """A Box2D world.

    Bodies are asked for only when their number changes: listing the two hundred pieces of a walker's
    terrain costs a hundred times as much as a turn.
    """

    def __init__(self, adapter: Recorded) -> None:
        self._base = _owner(adapter.environment)
        self._single = adapter.spec.seats == 1
        self._world: Any = self._base.world  # Any: Box2D has no types.
        self._moving: list[Any] = []
        self._count = 0
        self._paint: dict[object, Any] = {}  # Any: as above.

    def bodies(self) -> list[Body]:
        """Return the dynamic bodies, the oldest in front, as the environments draw them."""
        self._world = self._base.world
        self._count = self._world.bodyCount
        # The world hands out fresh wrappers; only the environment's own know their colours.
        self._paint = {_key(body): body for body in getattr(self._base, "drawlist", ())}
        self._moving = [body for body in self._world.bodies if body.type != _STATIC]
        seats = self._seats()
        return [
            Body(self._shapes(body), 0 if self._single else seats.get(_key(body))) for body in self._moving
        ]

    def row(self) -> Row:
        """Return x, y and angle of each body in turn."""
        found: list[float] = []
        for body in self._moving:
            place = body.position
            found += (place.x, place.y, body.angle)
        return tuple(found)

    def changed(self) -> bool:
        """Say whether bodies were made or destroyed; a destroyed one must not be read."""
        return bool(self._world.bodyCount != self._count)

    def still(self) -> list[Shape]:
        """Return terrain, obstacles and flags."""
        edges, shapes = [], []
        for body in self._world.bodies:
            if body.type != _STATIC:
                continue
            for fixture in body.fixtures:
                corners = [
                    tuple(body.transform * corner) for corner in getattr(fixture.shape, "vertices", ())
                ]
                if len(corners) == 2:
                    edges.append(tuple(sorted(corners)))
                else:
                    shapes += self._shapes(body)
                    break
        self._width = max((end[0] for _, end in edges), default=0.0)
        painted = getattr(self._base, "terrain_poly", None)
        tint = colour(painted[0][1]) if painted else GROUND
        return _ground(edges, tint) + shapes + self._flags()

    def bounds(self, reach: tuple[float, float, float, float]) -> list[float] | str:
        """Return the whole world where it fits on a screen, else "follow"."""
        if self._width > _WIDEST_WHOLE_VIEW or not self._width:
            return "follow"
        return [0.0, 0.0, round(self._width, 3), round(max(reach[3], self._width * 2 / 3) + 0.5, 3)]

    def _seats(self) -> dict[object, int]:
        walkers = getattr(self._base, "walkers", ())
        return {
            _key(body): seat
            for seat, walker in enumerate(walkers)
            for body in (walker.hull, *walker.legs)
            if body is not None
        }

    def _shapes(self, body: Any) -> list[Shape]:  # Any: as above.
        painted = self._paint.get(_key(body))
        fill = colour(getattr(painted, "color1", _FILL))
        stroke = colour(getattr(painted, "color2", _RIM))
        still = body.type == _STATIC
        shapes = []
        for fixture in body.fixtures:
            form = fixture.shape
            if hasattr(form, "vertices"):
                corners = [tuple(body.transform * c) if still else tuple(c) for c in form.vertices]
                shapes.append(polygon(corners, fill, stroke) if len(corners) > 2 else line(corners, stroke))
            else:
                centre = tuple(body.transform * form.pos) if still else tuple(form.pos)
                shapes.append(circle(centre, form.radius, fill, stroke))
        return shapes

    def _flags(self) -> list[Shape]:
        """Return the flags of a landing pad, where the environment has one."""
        if not hasattr(self._base, "helipad_x1"):
            return []
        foot = float(self._base.helipad_y)
        shapes = []
        for x in (float(self._base.helipad_x1), float(self._base.helipad_x2)):
            top = foot + 1.6
            shapes.append(line([(x, foot), (x, top)], INK))
            shapes.append(polygon([(x, top), (x, top - 0.4), (x + 0.8, top - 0.2)], "#cccc00", INK))
        return shapes


def has_box2d(environment: object) -> bool:
    """Say whether the environment holds a Box2D world."""
    return _owner(environment) is not None


def _owner(environment: Any) -> Any:  # Any: third-party, untyped.
    """Return the object that has the Box2D world: the environment, or the one it wraps; None without one."""
    for candidate in (environment, getattr(environment, "env", None)):
        world = getattr(candidate, "world", None)
        if hasattr(world, "bodyCount") and hasattr(world, "bodies"):
            return candidate
    return None


def _key(body: Any) -> object:  # Any: as above.
    """Return what two Python wrappers of one body have in common."""
    return int(body.this)


def _ground(edges: list[Any], tint: str) -> list[Shape]:  # Any: pairs of points.
    """Join edges that follow each other into strips of ground, filled down to the lowest level."""
    strips: list[list[tuple[float, float]]] = []
    for start, end in sorted(edges):
        strip = next((s for s in strips if abs(s[-1][0] - start[0]) + abs(s[-1][1] - start[1]) < 1e-3), None)
        if strip is None:
            strips.append([start, end])
        else:
            strip.append(end)
    floor = min((y for strip in strips for _, y in strip), default=0.0)
    floor = min(floor, 0.0)
    shapes = []
    for strip in strips:
        if len(strip) > 2:
            outline = [*strip, (strip[-1][0], floor), (strip[0][0], floor)]
            shapes.append(polygon(outline, tint, INK))
        else:
            shapes.append(line(strip, INK))
    return shapes
