"""Air hockey's table: a Box2D world seen from above, a puck on air and mallets that keep to their half.

How it works. A turn is two steps of the world. Before each, a mallet's velocity is moved towards the one
that was asked for, no faster than it can accelerate and never beyond its half; the puck's velocity is turned
by its spin. Box2D does the rest: cushions, mallets, spin taken up and given back by friction.
The table lies along x, its middle is the origin; half a turn about it takes one side to the other. The two
cushions are each other's image down to the last bit, so no end of the table is better than the other.
Lengths are metres, times seconds, angles radians.
"""

import warnings
from math import cos, hypot, pi, sin, sqrt
from typing import Any, Final, TypeAlias

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore"
    )  # Box2D's SWIG types warn when they are made, and crash if that is an error.
    import Box2D

Points: TypeAlias = tuple[tuple[float, float], ...]
Order: TypeAlias = tuple[float, float]

TURN_SECONDS: Final = 0.05
_STEPS: Final = 2
_STEP: Final = TURN_SECONDS / _STEPS

HALF_LENGTH: Final = {1: 5.0, 2: 6.5}
"""Half the length of the table, by mallets a side."""
HALF_WIDTH: Final = {1: 2.6, 2: 3.4}
HALF_MOUTH: Final = {1: 1.1, 2: 2.1}
CORNER: Final = 0.9
"""Radius of the rounded corners."""
_CORNER_SIDES: Final = 6
POCKET: Final = 0.7
"""Depth of the pockets behind the mouths."""

PUCK: Final = 0.2
"""Radius of the puck."""
MALLET: Final = 0.3
SPEED: Final = 5.0
"""Greatest speed of a mallet."""
PUSH: Final = 20.0
"""Greatest acceleration of a mallet, when speeding up and when braking."""
PUCK_SPEED: Final = 16.0
"""Greatest speed of the puck."""
DRAG: Final = 0.1
"""Share of its speed that the puck loses each second."""
SPIN_DRAG: Final = 0.3
CURVE: Final = 0.04
"""By so many radians a second a puck is turned aside for each radian a second of its spin."""
PUCK_MASS: Final = 0.125
MALLET_MASS: Final = 1.0
CUSHION_BOUNCE: Final = 0.92
MALLET_BOUNCE: Final = 0.9
CUSHION_GRIP: Final = 0.2
"""Coefficient of friction between puck and cushion."""
MALLET_GRIP: Final = 0.3

GOALS: Final = 3
"""Who has scored so many has won."""
REGULAR_TURNS: Final = 800
SUDDEN_TURNS: Final = 400
"""Turns of sudden death after the regular time, where the score is level."""
CLOCK_TURNS: Final = 100
"""Turns that the puck may stay on one half before the other side gets it."""
SPOT: Final = 1.6
"""Distance from the middle line of the place where a side is given the puck."""
SPOT_SPREAD: Final = 1.2
"""The place is up to so far from the long axis; drawn."""
FACEOFF_SPEED: Final = (1.5, 4.0)
"""Speed of the puck along the middle line when play begins; drawn."""


def homes(side: int) -> Points:
    """Return where the mallets of the side to the left stand at a faceoff.

    Args:
        side: mallets a side, 1 or 2.
    """
    x = -0.7 * HALF_LENGTH[side]
    return ((x, 0.0),) if side == 1 else ((x, 1.0), (x, -1.0))


def cushion(side: int) -> Points:
    """Return the upper cushion from the pocket to the right to that to the left.

    Args:
        side: mallets a side, 1 or 2.
    """
    length, width, mouth = HALF_LENGTH[side], HALF_WIDTH[side], HALF_MOUTH[side]
    right = [(length + POCKET, mouth), (length, mouth)]
    for count in range(_CORNER_SIDES + 1):
        angle = pi / 2 * count / _CORNER_SIDES
        right.append((length - CORNER + CORNER * cos(angle), width - CORNER + CORNER * sin(angle)))
    return (*right, *((-x, y) for x, y in reversed(right)))


class Mallet:
    """One mallet; a plain copy of where Box2D has it."""

    __slots__ = ("_back", "_side", "_wide", "body", "seat", "team", "vx", "vy", "x", "y")

    def __init__(self, world: Any, seat: int, side: int) -> None:  # Any: Box2D has no types.
        self.seat, self.team = seat, seat // side
        self._side = -1.0 if self.team == 0 else 1.0
        self._back, self._wide = HALF_LENGTH[side] - MALLET, HALF_WIDTH[side] - MALLET
        self.body = world.CreateDynamicBody(
            fixedRotation=True,
            fixtures=Box2D.b2FixtureDef(
                shape=Box2D.b2CircleShape(radius=MALLET),
                density=MALLET_MASS / (pi * MALLET**2),
                friction=MALLET_GRIP**2,
                restitution=MALLET_BOUNCE,
                # Mallets touch the puck and each other; the table's edge is kept by `push`.
                filter=Box2D.b2Filter(categoryBits=2, maskBits=6),
            ),
        )
        self.x = self.y = self.vx = self.vy = 0.0

    def put(self, x: float, y: float) -> None:
        """Set the mallet to rest at a place."""
        self.body.position, self.body.linearVelocity = (x, y), (0.0, 0.0)
        self.read()

    def read(self) -> None:
        """Take over from Box2D where the body is and how it moves."""
        place, velocity = self.body.position, self.body.linearVelocity
        self.x, self.y, self.vx, self.vy = place.x, place.y, velocity.x, velocity.y

    def push(self, goal_x: float, goal_y: float) -> None:
        """Move the velocity towards the asked one for one step of the world, within the mallet's half."""
        x, y, vx, vy = self.x, self.y, self.vx, self.vy
        dx, dy = goal_x - vx, goal_y - vy
        change, most = dx * dx + dy * dy, PUSH * _STEP
        if change > most * most:
            shrink = most / sqrt(change)
            dx, dy = dx * shrink, dy * shrink
        vx, vy = vx + dx, vy + dy
        # Mirrored for the side to the right, so that both come out alike to the last bit.
        side = self._side
        near, far = MALLET - x * side, self._back - x * side
        along = min(far / _STEP, max(near / _STEP, vx * side))
        wide = self._wide
        vy = min((wide - y) / _STEP, max((-wide - y) / _STEP, vy))
        out_x = x * side + along * _STEP - self._back + CORNER - MALLET
        across = y + vy * _STEP
        out_y = abs(across) - wide + CORNER - MALLET
        if out_x > 0.0 and out_y > 0.0:
            out = hypot(out_x, out_y)
            if out > CORNER - MALLET:
                back = 1.0 - (CORNER - MALLET) / out
                along -= out_x * back / _STEP
                vy -= (out_y if across > 0 else -out_y) * back / _STEP
        self.vx, self.vy = along * side, vy
        self.body.linearVelocity = (self.vx, self.vy)


class Puck:
    """The puck; a plain copy of where Box2D has it."""

    __slots__ = ("angle", "body", "spin", "vx", "vy", "x", "y")

    def __init__(self, world: Any) -> None:  # Any: as above.
        self.body = world.CreateDynamicBody(
            bullet=True,
            linearDamping=DRAG,
            angularDamping=SPIN_DRAG,
            fixtures=Box2D.b2FixtureDef(
                shape=Box2D.b2CircleShape(radius=PUCK),
                density=PUCK_MASS / (pi * PUCK**2),
                # Box2D takes the root of the product of two frictions, and the greater bounce.
                friction=1.0,
                restitution=0.0,
                filter=Box2D.b2Filter(categoryBits=4, maskBits=7),
            ),
        )
        self.x = self.y = self.vx = self.vy = self.spin = self.angle = 0.0

    def put(self, x: float, y: float, vy: float = 0.0) -> None:
        """Set the puck to a place without spin, at rest or moving across the table."""
        body = self.body
        body.position, body.linearVelocity, body.angularVelocity = (x, y), (0.0, vy), 0.0
        self.read()

    def read(self) -> None:
        """Take over from Box2D where the body is and how it moves."""
        body = self.body
        place, velocity = body.position, body.linearVelocity
        self.x, self.y, self.vx, self.vy = place.x, place.y, velocity.x, velocity.y
        self.spin, self.angle = body.angularVelocity, body.angle

    def glide(self) -> None:
        """Let spin turn the puck aside and air bound its speed, for one step of the world."""
        vx, vy = self.vx, self.vy
        turn = CURVE * self.spin * _STEP
        speed = sqrt(vx * vx + vy * vy)
        shrink = PUCK_SPEED / speed if speed > PUCK_SPEED else 1.0
        if turn or shrink < 1.0:
            along, aside = shrink * cos(turn), shrink * sin(turn)
            self.body.linearVelocity = (vx * along - vy * aside, vy * along + vx * aside)


class Rink:
    """One game: a table, a puck, one or two mallets a side, the score and the clocks."""

    def __init__(self, rng: np.random.Generator, side: int = 1) -> None:
        """Set up the table for the first faceoff.

        Args:
            rng: draws the faceoffs, and in which order Box2D takes the two sides' bodies: over the seeds no
                seat has an advantage, however small.
            side: mallets a side, 1 or 2.
        """
        self._rng = rng
        self.side = side
        self.length, self.mouth = HALF_LENGTH[side], HALF_MOUTH[side]
        self.world = Box2D.b2World(gravity=(0, 0), doSleep=False)
        upper = cushion(side)
        for points in (upper, tuple((-x, -y) for x, y in upper)):
            self.world.CreateStaticBody(
                fixtures=Box2D.b2FixtureDef(
                    shape=Box2D.b2ChainShape(vertices_chain=list(points)),
                    friction=CUSHION_GRIP**2,
                    restitution=CUSHION_BOUNCE,
                    filter=Box2D.b2Filter(categoryBits=1, maskBits=4),
                )
            )
        self.puck = Puck(self.world)
        seats = list(range(2 * side))
        if rng.integers(2):
            seats = seats[side:] + seats[:side]
        made = {seat: Mallet(self.world, seat, side) for seat in seats}
        self.mallets = tuple(made[seat] for seat in range(2 * side))
        self.turn = 0
        self.goals = [0, 0]
        self.half = -1
        """The side on whose half the puck is; -1 on the middle line, before it was on either."""
        self.held = 0
        """Turns since the puck came to that half, or was given."""
        self.reason = "start"
        """Why the last faceoff was: start, goal, clock."""
        self.faceoffs = 0
        self._given_to: int | None = None
        self._face_off(-1)

    def play(self, orders: tuple[Order, ...]) -> int | None:
        """Play one turn; return the side that scored in it, or None.

        Args:
            orders: for each seat the velocity it wants, in the table's own directions, in m/s.
        """
        if self._given_to is not None:
            self._face_off(self._given_to)
        puck, mallets, step = self.puck, self.mallets, self.world.Step
        self.turn += 1
        for _ in range(_STEPS):
            for mallet, (x, y) in zip(mallets, orders, strict=True):
                mallet.push(x, y)
            puck.glide()
            step(_STEP, 8, 3)
            for mallet in mallets:
                mallet.read()
            puck.read()
            if abs(puck.x) > self.length:
                return self._score(1 if puck.x < 0 else 0)
        half = self.half if puck.x == 0.0 else int(puck.x > 0)
        self.held = self.held + 1 if half == self.half else 1
        self.half = half
        if self.held >= CLOCK_TURNS:
            # Where both left it on the middle line, a side is drawn.
            self.reason = "clock"
            self._given_to = 1 - half if half >= 0 else int(self._rng.integers(2))
        return None

    def winner(self) -> int | None:
        """Return the side that won, -1 for a draw, None while the game goes on."""
        one, two = self.goals
        if one == two:
            return -1 if self.turn >= REGULAR_TURNS + SUDDEN_TURNS else None
        if max(one, two) >= GOALS or self.turn >= REGULAR_TURNS:
            return int(two > one)
        return None

    def clocks(self) -> tuple[float, float, float]:
        """Return the seconds the puck may stay on its half, those of regular time, and those of all time."""
        left = REGULAR_TURNS - self.turn
        return (
            (CLOCK_TURNS - self.held) * TURN_SECONDS,
            max(0, left) * TURN_SECONDS,
            (left + SUDDEN_TURNS) * TURN_SECONDS,
        )

    def _score(self, side: int) -> int:
        self.goals[side] += 1
        self.reason, self._given_to = "goal", 1 - side
        return side

    def _face_off(self, side: int) -> None:
        """Set all mallets to their homes and give the puck to a side, or (-1) to both on the middle line."""
        for mallet in self.mallets:
            x, y = homes(self.side)[mallet.seat % self.side]
            mallet.put(x, y) if mallet.team == 0 else mallet.put(-x, -y)
        self._given_to, self.held, self.half = None, 0, side
        self.faceoffs += 1
        if side < 0:
            low, high = FACEOFF_SPEED
            way = 1.0 if self._rng.integers(2) else -1.0
            self.puck.put(0.0, 0.0, way * self._rng.uniform(low, high))
            return
        across = self._rng.uniform(-SPOT_SPREAD, SPOT_SPREAD)
        # Drawn as the side sees it, so that a game and its image draw alike.
        self.puck.put(-SPOT, across) if side == 0 else self.puck.put(SPOT, -across)
