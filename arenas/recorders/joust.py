"""Joust's bridge from the side: planks that fall, the two walkers, sparks where a lance strikes."""

from dataclasses import dataclass
from typing import Any, Final

from arenas.recorders.stage import INK, Body, Row, Shape, colour, line, polygon
from arenas.recorders.timeline import Recorded

_BRIDGE, _FALLING, _WALKERS, _SPARKS = range(4)
"""Layers."""
_SIDES: Final = ("Orange", "Blue")
_BOUNDS: Final = [-7.8, -1.6, 7.8, 3.0]
_NOWHERE: Final = (0.0, -9.0, 0.0)
"""Below the picture: where sparks are while there are none."""
_REACH: Final = 3.4
"""Hulls further apart than this are out of reach of every lance."""
_QUIET: Final = 15
"""Turns after which a lance that touches again has struck anew."""
_SINKS: Final = 16
"""Turns that a plank falls until it has sunk."""
_PULL: Final = 10.0
_SPARK: Final = [(0.3, 0), (0.1, 0.07), (0.12, 0.26), (0, 0.1), (-0.2, 0.2), (-0.1, 0)]
_SPARK_BELOW: Final = [(x, -y) for x, y in _SPARK[-2:0:-1]]
_FIRE: Final = "#ffd24a"
_HILL: Final = "#9db38c"
_STONE: Final = "#a5a7ab"


@dataclass(slots=True)
class _Plank:
    """A plank on its way down."""

    left: float
    since: int


class JoustStage:
    """The bridge and who stands on it; where planks fall, the bodies are listed anew."""

    def __init__(self, adapter: Recorded) -> None:
        # Imported now: only who has the environment has what it is drawn with.
        from arenas.games.joust import drawing, physics

        self._drawing, self._physics = drawing, physics
        self._bout: Any = adapter.environment.bout  # Any: the environment's module is not loaded here.
        self._half: float = self._bout.half
        self._falling: list[_Plank] = []
        self._touched = [-_QUIET, -_QUIET]
        self._sparks = [_NOWHERE, _NOWHERE]
        self._words: list[str] = []

    def bodies(self) -> list[Body]:
        """Return the bridge, the planks that fall, the walkers and the sparks."""
        drawing = self._drawing
        planks = [self._plank(left, left) for left in drawing.planks(self._half)]
        falling = [
            Body([self._plank(plank.left, -0.25)], None, f"plank {plank.left}", _FALLING)
            for plank in self._falling
        ]
        parts = [
            Body(self._part(seat, number), seat, f"part {seat} {number}", _WALKERS)
            for seat in (0, 1)
            for number in drawing.ORDER
        ]
        spark = [polygon(_SPARK + _SPARK_BELOW, _FIRE, "#d4512b")]
        sparks = [Body(spark, None, f"spark {seat}", _SPARKS) for seat in (0, 1)]
        return [
            Body([*self._struts(), *planks], None, f"bridge {self._half}", _BRIDGE),
            *falling,
            *parts,
            *sparks,
        ]

    def row(self) -> Row:
        """Return x, y and angle of each body, in the order of `bodies`."""
        row: list[float] = [0.0, 0.0, 0.0]
        for plank in self._falling:
            seconds = (self._bout.turn - plank.since) * self._physics.TURN_SECONDS
            way = 1.0 if plank.left < 0 else -1.0
            row += (plank.left + 0.25, -_PULL / 2 * seconds**2, way * 2.5 * seconds)
        for walker in self._bout.walkers:
            parts = walker.parts
            for number in self._drawing.ORDER:
                body = parts[number]
                place = body.position
                row += (place.x, place.y, body.angle)
        row += (*self._sparks[0], *self._sparks[1])
        return tuple(row)

    def changed(self) -> bool:
        """Say whether planks came loose or have sunk; asked once a turn, before anything else."""
        bout = self._bout
        self._words = []
        self._watch()
        before = len(self._falling)
        if self._falling:
            self._falling = [plank for plank in self._falling if bout.turn - plank.since < _SINKS]
        is_same = bout.half == self._half and len(self._falling) == before
        if bout.half != self._half:
            self._falling += [_Plank(-self._half, bout.turn), _Plank(bout.half, bout.turn)]
            self._half = bout.half
            self._words.append(f"Planks fall, {2 * bout.half:g} m are left")
        return not is_same

    def label(self) -> str:
        """Return what happened in the last turn, the weightiest first."""
        return "; ".join([*self._end(), *self._words])

    def still(self) -> list[Shape]:
        """Return sky, hills, water, and the two banks."""
        left, low, right, high = _BOUNDS
        drawing = self._drawing
        sky, water = colour(drawing.SKY), colour(drawing.WATER)
        level, edge = drawing.WATER_LEVEL, self._physics.HALF + 0.05
        pier = self._physics.LAST_HALF - 0.2
        hills = [(left, 0.1), (-5.2, 1.0), (-2.6, 0.3), (0.4, 1.3), (3.4, 0.4), (5.6, 0.9), (right, 0.2)]
        banks = [
            polygon([(way * 9, low), (way * 9, 0), (way * edge, 0), (way * (edge + 0.25), low)], _STONE, INK)
            for way in (-1, 1)
        ]
        return [
            polygon([(left, low), (right, low), (right, high), (left, high)], sky, sky),
            polygon([(left, level), *hills, (right, level)], _HILL, _HILL),
            polygon([(left, low), (right, low), (right, level), (left, level)], water, water),
            polygon([(-pier - 0.2, low), (-pier, -0.3), (pier, -0.3), (pier + 0.2, low)], _STONE, INK),
            *banks,
            *(shape for way in (-1, 1) for shape in _flag(way * (edge + 0.45), way)),
        ]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return the whole bridge, with water below and room for plumes."""
        return _BOUNDS

    def _watch(self) -> None:
        """Look where lances touch the other's hull; words where one has struck anew."""
        one, two = self._bout.walkers
        self._sparks = [_NOWHERE, _NOWHERE]
        if abs(one.x - two.x) > _REACH:
            return
        for seat, walker in enumerate((one, two)):
            lance = walker.parts[-1]
            touching = [edge.contact for edge in lance.contacts if edge.contact.touching]
            if not touching:
                continue
            if self._bout.turn - self._touched[seat] >= _QUIET:
                self._words.append(f"{_SIDES[seat]}'s lance strikes")
            self._touched[seat] = self._bout.turn
            self._sparks[seat] = (*touching[0].worldManifold.points[0], lance.angle)

    def _end(self) -> list[str]:
        """Return how the round ended, nothing while it goes on."""
        bout = self._bout
        winner = bout.winner()
        if winner is None:
            return []
        down = [seat for seat, walker in enumerate(bout.walkers) if walker.is_down()]
        if len(down) == 1:
            loser = bout.walkers[down[0]]
            return [f"{_SIDES[down[0]]} {'falls off the bridge' if abs(loser.x) > bout.half else 'is down'}"]
        how = "Both are down" if down else "Time"
        return [f"{how}, a draw" if winner < 0 else f"{how}: {_SIDES[winner]} has won more ground"]

    def _plank(self, left: float, x: float) -> Shape:
        """Return the plank with a left end, drawn at a place of its body."""
        physics, drawing = self._physics, self._drawing
        right = x + physics.PLANK
        corners = [(x, 0.0), (right, 0.0), (right, -physics.THICK), (x, -physics.THICK)]
        return polygon(corners, colour(drawing.plank_colour(left)), colour(drawing.TIMBER))

    def _struts(self) -> list[Shape]:
        """Return what holds up the bridge beyond its pier."""
        thick, half, pier = self._physics.THICK, self._half, self._physics.LAST_HALF
        timber = colour(self._drawing.TIMBER)
        return [
            polygon(
                [(way * pier, -1.0), (way * (half - 0.1), -thick), (way * (half - 0.5), -thick)], timber, INK
            )
            for way in (-1, 1)
            if half > pier
        ]

    def _part(self, seat: int, number: int) -> list[Shape]:
        side = self._bout.walkers[seat].side
        return [
            polygon([(side * x, y) for x, y in corners], colour(fill), INK)
            for corners, fill in self._drawing.pieces(seat)[number]
        ]


def _flag(x: float, way: int) -> list[Shape]:
    """Return a pole with a pennant that flies towards the bridge."""
    top = 1.9
    tip = x - way * 0.9
    return [
        line([(x, 0.0), (x, top)], INK),
        polygon(
            [(x, top), (tip, top - 0.2), (x - way * 0.6, top - 0.27), (tip, top - 0.45), (x, top - 0.5)],
            "#e6c65a",
            INK,
        ),
    ]


def is_joust(environment: object) -> bool:
    """Say whether the environment is a round of joust that has begun."""
    return hasattr(getattr(environment, "bout", None), "walkers")
