"""The tank duel from above: a calm that shrinks, walls, tanks with turrets, shells, flashes, hit points."""

from dataclasses import dataclass
from math import ceil, cos, hypot, pi, sin
from typing import Any, Final

from arenas.recorders.stage import INK, Body, Row, Shape, circle, colour, line, polygon
from arenas.recorders.timeline import Recorded

_CALM, _WALLS, _EYES, _SHELLS, _HULLS, _FLASHES = range(6)
"""Layers; a shell that is just fired lies under its tank."""
_ORIGIN: Final = (0.0, 0.0, 0.0)
_SHARDS: Final = 9
_FLASH: Final = {  # Kind: radius in metres, frames.
    "fire": (0.22, 2),
    "ricochet": (0.2, 3),
    "burst": (0.3, 4),
    "front": (0.5, 5),
    "side": (0.65, 6),
    "rear": (0.8, 7),
    "destroyed": (1.6, 12),
}
_MUZZLE: Final = 0.95
_EYE: Final = 2.2
"""How far the edges of the cone of sight are drawn."""
_PIP: Final = 0.5
_SIDES: Final = ("Orange", "Blue")


@dataclass(slots=True)
class _Flash:
    """Something that is seen for a few frames."""

    body: Body
    x: float
    y: float
    left: int


class TankDuelStage:
    """Everything on the field; shells, flashes and hit points come and go, so bodies have names."""

    def __init__(self, adapter: Recorded) -> None:
        # Imported now: only who has the environment has what it is drawn with.
        from arenas.games.tank_duel import drawing, field, physics

        self._drawing, self._field, self._physics = drawing, field, physics
        self._duel: Any = adapter.environment.duel  # Any: the environment's module is not loaded here.
        self._left: int = adapter.environment.left
        self._flashes: list[_Flash] = []
        self._shells: list[Any] = []  # Any: as above.
        self._shots: dict[int, Body] = {}
        self._flown = self._flashed = 0
        self._radius = self._duel.radius
        self._pips = self._armour()
        # Shells come and go nearly every turn; what stays is made once.
        self._calm = Body([self._calm_shape()], None, "calm", _CALM)
        seats = [self._left, 1 - self._left]
        self._lasting = [
            Body(self._blocks(), None, "walls", _WALLS),
            *(Body(self._hull(seat), seat, f"hull {seat}", _HULLS) for seat in seats),
            *(Body(self._eye(), None, f"eye {seat}", _EYES) for seat in seats),
            *(Body(self._turret(seat), None, f"turret {seat}", _HULLS) for seat in seats),
        ]
        self._points = [
            [Body([self._pip(seat, number)], None, f"pip {seat} {number}", _WALLS) for number in range(count)]
            for seat, count in enumerate(self._pips)
        ]
        self._lights = {kind: self._light_shapes(kind) for kind in _FLASH}
        self._shell = [circle((0.0, 0.0), drawing.SHELL_RADIUS, colour(drawing.SHELL), colour(drawing.FLASH))]

    def bodies(self) -> list[Body]:
        """Return the calm, walls, hulls, cones, turrets, hit points, shells and flashes."""
        found = [self._calm, *self._lasting]
        for points, count in zip(self._points, self._pips, strict=True):
            found += points[:count]
        found += [self._shots[id(shell)] for shell in self._shells]
        found += [flash.body for flash in self._flashes]
        return found

    def row(self) -> Row:
        """Return x, y and angle of each body, in the order of `bodies`."""
        one, two = self._duel.tanks
        x, y, x_two, y_two = one.x, one.y, two.x, two.y
        guns = (x, y, one.angle + one.turret, x_two, y_two, two.angle + two.turret)
        row = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, x, y, one.angle, x_two, y_two, two.angle, *guns, *guns]
        row += _ORIGIN * sum(self._pips)
        for moving in (self._shells, self._flashes):
            for it in moving:
                row += (it.x, it.y, 0.0)
        return tuple(row)

    def changed(self) -> bool:
        """Say whether anything came or went; asked once a turn, before anything else."""
        duel, is_changed = self._duel, False
        if duel.events or duel.turn >= self._physics.CALM_TURNS:
            before, self._pips = self._pips, self._armour()
            is_changed = self._pips != before
        if duel.radius != self._radius:
            self._radius = duel.radius
            self._calm = Body([self._calm_shape()], None, "calm", _CALM)
            is_changed = True
        if duel.events or self._flashes:
            is_changed |= self._flash()
        if duel.shells != self._shells:
            self._shells = list(duel.shells)
            is_changed = True
            for shell in self._shells:
                if id(shell) not in self._shots or shell.left == self._physics.SHELL_TURNS:
                    self._flown += 1
                    self._shots[id(shell)] = Body(self._shell, None, f"shell {self._flown}", _SHELLS)
        return is_changed

    def label(self) -> str:
        """Return what happened, the weightiest first."""
        winner = self._duel.winner()
        if winner is None and not self._duel.events:
            return ""
        said = []
        for event in sorted(self._duel.events, key=lambda event: -_FLASH[event.kind][1]):
            who = _SIDES[self._left ^ event.tank]
            if event.kind in self._physics.DAMAGE:
                points = self._physics.DAMAGE[event.kind]
                said.append(f"{who} is hit in the {event.kind}, -{points:g}")
            elif event.kind != "burst":
                said.append(f"{who} fires" if event.kind == "fire" else f"{who}'s shell ricochets")
        if winner is not None:
            said.insert(0, "Both are destroyed" if winner < 0 else f"{_SIDES[self._left ^ winner]} wins")
        return "; ".join(said)

    def still(self) -> list[Shape]:
        """Return the ground under the storm."""
        x, y = self._field.HALF_LENGTH, self._field.HALF_WIDTH
        storm = colour(self._drawing.STORM)
        return [polygon([(-x, -y), (x, -y), (x, y), (-x, y)], storm, storm)]

    def bounds(self, _: tuple[float, float, float, float]) -> list[float] | str:
        """Return the field with its rim."""
        x, y = self._field.HALF_LENGTH + 1, self._field.HALF_WIDTH + 1
        return [-x, -y, x, y]

    def _armour(self) -> tuple[int, int]:
        """Return the hit points of both seats, rounded up."""
        tanks, left = self._duel.tanks, self._left
        return max(0, ceil(tanks[left].armour)), max(0, ceil(tanks[1 - left].armour))

    def _flash(self) -> bool:
        """Let old flashes go out and light those of the last turn; say whether there were any such."""
        before = len(self._flashes), self._flashed
        for flash in self._flashes:
            flash.left -= 1
        self._flashes = [flash for flash in self._flashes if flash.left]
        for kind, number, x, y in self._duel.events:
            tank = self._duel.tanks[number]
            if kind == "fire":
                x, y = tank.x + _MUZZLE * tank.gaze_cos, tank.y + _MUZZLE * tank.gaze_sin
            self._light(kind, x, y)
        if self._duel.winner() is not None:
            for tank in self._duel.tanks:
                if tank.armour <= 0:
                    self._light("destroyed", tank.x, tank.y)
        return before != (len(self._flashes), self._flashed)

    def _light(self, kind: str, x: float, y: float) -> None:
        self._flashed += 1
        body = Body(self._lights[kind], None, f"flash {self._flashed}", _FLASHES)
        self._flashes.append(_Flash(body, x, y, _FLASH[kind][1]))

    def _light_shapes(self, kind: str) -> list[Shape]:
        radius = _FLASH[kind][0]
        spark, flash = colour(self._drawing.SPARK), colour(self._drawing.FLASH)
        if kind == "burst":
            return [circle((0.0, 0.0), radius, colour(self._drawing.WALL), spark)]
        return [polygon(_star(radius), flash, flash), circle((0.0, 0.0), radius / 2, spark, flash)]

    def _calm_shape(self) -> Shape:
        """Return the calm place, cut off at the rim."""
        x, y = float(self._field.HALF_LENGTH), float(self._field.HALF_WIDTH)
        ways = [pi * step / 48 for step in range(96)]
        points = [
            (min(x, max(-x, self._radius * cos(way))), min(y, max(-y, self._radius * sin(way))))
            for way in ways
        ]
        sand = colour(self._drawing.SAND)
        if hypot(x, y) <= self._radius:
            points = [(-x, -y), (x, -y), (x, y), (-x, y)]
        return polygon(list(dict.fromkeys(points)), sand, sand)

    def _blocks(self) -> list[Shape]:
        fill = colour(self._drawing.WALL)
        blocks = (*self._field.rim(), *self._duel.field.blocks)
        return [polygon([(a, b), (c, b), (c, d), (a, d)], fill, fill) for a, b, c, d in blocks]

    def _hull(self, seat: int) -> list[Shape]:
        drawing = self._drawing
        steel, hull = colour(drawing.STEEL), colour(drawing.HULLS[seat])
        return [
            *(polygon(list(track), steel, INK) for track in drawing.TRACKS),
            *(line(list(link), INK) for link in drawing.LINKS),
            polygon(list(drawing.HULL), hull, INK),
            polygon(list(drawing.ENGINE), steel, INK),
        ]

    def _turret(self, seat: int) -> list[Shape]:
        drawing = self._drawing
        fill = colour(drawing.TURRETS[seat])
        return [
            polygon(list(drawing.BARREL), colour(drawing.STEEL), INK),
            polygon(list(drawing.TURRET), fill, INK),
        ]

    def _eye(self) -> list[Shape]:
        cone, spark = self._physics.CONE, colour(self._drawing.SPARK)
        edges = [(_EYE * cos(way), _EYE * sin(way)) for way in (cone * step / 6 for step in range(-6, 7))]
        return [line([(0.0, 0.0), *edges, (0.0, 0.0)], spark)]

    def _pip(self, seat: int, number: int) -> Shape:
        """Return a hit point, on the rim over the half of the field that is the seat's."""
        side = -1 if seat == 0 else 1
        x = side * (self._field.HALF_LENGTH - (number + 0.5) * (_PIP + 0.2))
        y = self._field.HALF_WIDTH + 0.25
        corners = [(x - _PIP / 2, y), (x + _PIP / 2, y), (x + _PIP / 2, y + _PIP), (x - _PIP / 2, y + _PIP)]
        return polygon(corners, colour(self._drawing.HULLS[seat]), INK)


def is_tank_duel(environment: object) -> bool:
    """Say whether the environment is a round of the tank duel that has begun."""
    return hasattr(getattr(environment, "duel", None), "tanks")


def _star(radius: float) -> list[tuple[float, float]]:
    """Return a star with uneven rays."""
    points = []
    for step in range(2 * _SHARDS):
        far = radius * (0.5 if step % 2 else 1.0 - 0.25 * (step % 3 == 0))
        points.append((far * cos(pi * step / _SHARDS), far * sin(pi * step / _SHARDS)))
    return points
