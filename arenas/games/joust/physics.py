"""Joust's walkers and their bridge: a Box2D world seen from the side, two walkers of six bodies each.

How it works. A walker is a hull with its rider, two legs of two bodies, and a lance at the rider's shoulder.
An order names an angle for each of its five joints; the joints' motors run there, as fast and as hard as
they can. A turn is two steps of the world. Box2D does the rest: who stumbles, who is tipped, where a lance
slips. Lengths are metres, times seconds, angles radians. A walker that looks to the left is built mirrored;
what it is asked and what it says of itself is always as if it looked to the right.
"""

import warnings
from math import cos, pi, sin
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

with warnings.catch_warnings():
    # Box2D's SWIG types warn when they are made, and crash if that is an error.
    warnings.simplefilter("ignore")
    import Box2D

Corners: TypeAlias = tuple[tuple[float, float], ...]
Five: TypeAlias = tuple[float, float, float, float, float]
"""Hip and knee of one leg, hip and knee of the other, lance."""

TURN_SECONDS: Final = 1 / 30
_STEPS: Final = 2
_STEP: Final = TURN_SECONDS / _STEPS
_ITERATIONS: Final = (12, 6)
GRAVITY: Final = 10.0
BEAT: Final = 1.0
"""Beats of the drum a second."""


class Joint(NamedTuple):
    """The range of a joint, and the greatest rate (1/s) and torque (N m) of its motor."""

    low: float
    high: float
    rate: float
    torque: float


HIP: Final = Joint(-0.8, 0.9, 6.0, 40.0)
KNEE: Final = Joint(-1.5, 0.0, 7.0, 40.0)
LANCE: Final = Joint(-0.45, 0.45, 2.0, 25.0)
JOINTS: Final = (HIP, KNEE, HIP, KNEE, LANCE)
_GAIN: Final = 12.0
"""How fast a motor runs for each radian that is missing, 1/s."""

HULL: Final[Corners] = ((-0.75, 0.05), (-0.6, -0.2), (0.6, -0.2), (0.85, 0.1), (0.6, 0.22), (-0.6, 0.22))
RIDER: Final[Corners] = ((-0.25, 0.2), (0.2, 0.2), (0.25, 0.6), (0.1, 0.8), (-0.15, 0.8), (-0.25, 0.6))
HIP_HEIGHT: Final = -0.15
"""Where both legs hang, under the middle of the hull."""
SHOULDER: Final = (0.1, 0.35)
THIGH: Final = 0.48
SHIN: Final = 0.48
THIGH_SHAPE: Final[Corners] = ((-0.1, 0.05), (0.1, 0.05), (0.08, -THIGH), (-0.08, -THIGH))
SHIN_SHAPE: Final[Corners] = ((-0.07, 0.0), (0.07, 0.0), (0.17, -SHIN), (-0.17, -SHIN))
LANCE_SHAPE: Final[Corners] = ((-0.4, -0.05), (1.9, -0.02), (1.9, 0.02), (-0.4, 0.05))

_BRIDGE_BIT, _LEG_BIT, _HULL_BIT, _LANCE_BIT = 1, 2, 4, 8


class Make(NamedTuple):
    """What a part is made of, and what it meets: lances meet hulls, hulls meet all but legs."""

    density: float
    friction: float
    restitution: float
    bit: int
    meets: int


_HULL_MAKE: Final = Make(2.0, 0.4, 0.0, _HULL_BIT, _BRIDGE_BIT | _HULL_BIT | _LANCE_BIT)
_RIDER_MAKE: Final = _HULL_MAKE._replace(density=0.4)
_LEG_MAKE: Final = Make(3.0, 1.5, 0.0, _LEG_BIT, _BRIDGE_BIT)
_LANCE_MAKE: Final = Make(1.0, 0.4, 0.1, _LANCE_BIT, _HULL_BIT)

HALF: Final = 7.0
"""Half the length of the bridge at the start."""
START: Final = 4.5
"""How far from the middle a walker starts."""
STANCE: Final[Five] = (0.55, -0.41, -0.35, -0.41, 0.0)
"""Angles of the joints of one who stands braced."""
_LOOSE: Final = 0.08
"""By so much the angles of a start differ from `STANCE`, at most."""
PLANK: Final = 0.5
THICK: Final = 0.3
_FIRST_FALL: Final = 150
_FALL_EVERY: Final = 45
LAST_HALF: Final = 1.5
LAST_TURN: Final = 720
DOWN: Final = 0.03
"""A hull that comes as near to the bridge's level as this is down."""
_TALL: Final = 0.9
"""No corner of the hull is further from its middle."""
LEVEL: Final = 1e-3
"""Less ground than this is nobody's."""


def _falls() -> tuple[tuple[int, float], ...]:
    """Return when planks fall, one at each end, and half the bridge's length from that turn on."""
    count = round((HALF - LAST_HALF) / PLANK)
    return tuple((_FIRST_FALL + _FALL_EVERY * n, HALF - PLANK * (n + 1)) for n in range(count))


FALLS: Final = _falls()


class Walker:
    """One walker: hull with rider, two legs, lance."""

    __slots__ = ("angle", "bends", "hull", "joints", "parts", "phase", "side", "spin", "vx", "vy", "x", "y")

    def __init__(self, world: Any, side: int, stance: Five, phase: float) -> None:  # Any: Box2D has no types.
        """Build it standing at its start.

        Args:
            world: the Box2D world.
            side: 1 starts at the left and looks to the right, -1 the other way round.
            stance: the angles of its joints.
            phase: where its drum is in the beat, radians.
        """
        self.side, self.phase = side, phase
        reach = max(THIGH * cos(h) + SHIN * cos(h + k) for h, k in (stance[0:2], stance[2:4]))
        x, y = -side * START, reach - HIP_HEIGHT + 0.03
        self.hull = self._part(world, (x, y), 0.0, ((HULL, _HULL_MAKE), (RIDER, _RIDER_MAKE)))
        self.parts: list[Any] = [self.hull]  # Any: as above.
        self.joints: list[Any] = []  # Any: as above.
        for hip, knee in (stance[0:2], stance[2:4]):
            top = (x, y + HIP_HEIGHT)
            bend = (x + side * THIGH * sin(hip), top[1] - THIGH * cos(hip))
            thigh = self._part(world, top, hip, ((THIGH_SHAPE, _LEG_MAKE),))
            shin = self._part(world, bend, hip + knee, ((SHIN_SHAPE, _LEG_MAKE),))
            self._join(world, (self.hull, thigh), (0.0, HIP_HEIGHT), HIP)
            self._join(world, (thigh, shin), (0.0, -THIGH), KNEE)
        shoulder = (x + side * SHOULDER[0], y + SHOULDER[1])
        lance = self._part(world, shoulder, stance[4], ((LANCE_SHAPE, _LANCE_MAKE),))
        self._join(world, (self.hull, lance), SHOULDER, LANCE)
        self.read()

    def _part(
        self, world: Any, place: tuple[float, float], angle: float, shapes: tuple[tuple[Corners, Make], ...]
    ) -> Any:  # Any: as above.
        fixtures = [
            Box2D.b2FixtureDef(
                shape=Box2D.b2PolygonShape(vertices=[(self.side * x, y) for x, y in corners]),
                density=make.density,
                friction=make.friction,
                restitution=make.restitution,
                categoryBits=make.bit,
                maskBits=make.meets,
            )
            for corners, make in shapes
        ]
        return world.CreateDynamicBody(position=place, angle=self.side * angle, fixtures=fixtures)

    def _join(self, world: Any, pair: tuple[Any, Any], place: tuple[float, float], kind: Joint) -> None:
        """Hang the origin of the second body at a place of the first one, as seen looking to the right."""
        ends = sorted((self.side * kind.low, self.side * kind.high))
        joint = world.CreateRevoluteJoint(
            bodyA=pair[0],
            bodyB=pair[1],
            localAnchorA=(self.side * place[0], place[1]),
            localAnchorB=(0.0, 0.0),
            referenceAngle=0.0,  # Without it the angles would count from those of the start.
            enableLimit=True,
            lowerAngle=ends[0],
            upperAngle=ends[1],
            enableMotor=True,
            maxMotorTorque=kind.torque,
            motorSpeed=0.0,
        )
        self.joints.append(joint)
        if pair[1] not in self.parts:
            self.parts.append(pair[1])

    def read(self) -> None:
        """Take over from Box2D where the hull is, how it moves, and how the joints are bent."""
        side, hull = self.side, self.hull
        place, velocity = hull.position, hull.linearVelocity
        self.x, self.y, self.angle = place.x, place.y, side * hull.angle
        self.vx, self.vy, self.spin = side * velocity.x, velocity.y, side * hull.angularVelocity
        self.bends = [side * joint.angle for joint in self.joints]

    def pull(self, goals: Five) -> None:
        """Let the motors run towards the angles that were asked for."""
        side = self.side
        for joint, kind, bend, goal in zip(self.joints, JOINTS, self.bends, goals, strict=True):
            rate = _GAIN * (goal - bend)
            joint.motorSpeed = side * (min(kind.rate, rate) if rate > 0 else max(-kind.rate, rate))

    def rates(self) -> list[float]:
        """Return how fast the joints bend, radians a second."""
        side = self.side
        return [side * joint.speed for joint in self.joints]

    def height(self) -> float:
        """Return how far the lowest corner of hull and rider is above the bridge's level."""
        up, along = cos(self.angle), sin(self.angle)
        return float(self.y + min(x * along + y * up for x, y in (*HULL, *RIDER)))

    def is_down(self) -> bool:
        """Say whether the hull has come down to the bridge's level."""
        return self.y < _TALL + DOWN and self.height() < DOWN

    def feet(self) -> tuple[float, float]:
        """Return how high the soles of both legs are above the bridge's level, in their middle."""
        hip, knee, hip_two, knee_two, _ = self.bends
        angle = self.angle
        top = self.y + HIP_HEIGHT * cos(angle)
        one, two = angle + hip, angle + hip_two
        return (
            top - THIGH * cos(one) - SHIN * cos(one + knee),
            top - THIGH * cos(two) - SHIN * cos(two + knee_two),
        )


class Bout:
    """One round: two walkers on a bridge that loses planks at both ends."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Set the walkers at their places, each braced a little differently.

        Who starts at which end, whom Box2D takes first, which leg is ahead, and where the drums are in
        their beat are drawn: changing the seats of a round gives another one that is drawn equally often.
        """
        self.world = Box2D.b2World(gravity=(0, -GRAVITY), doSleep=False)
        self._bridge = self.world.CreateStaticBody()
        self.lay(HALF)
        side = 1 if rng.integers(2) else -1
        is_first = bool(rng.integers(2))
        starts = [_start(rng) for _ in range(2)]
        if is_first:
            one, two = (
                Walker(self.world, way, *start) for way, start in zip((side, -side), starts, strict=True)
            )
        else:
            two = Walker(self.world, -side, *starts[1])
            one = Walker(self.world, side, *starts[0])
        self.walkers = (one, two)
        self.turn = 0
        self._fallen = 0

    def lay(self, half: float) -> None:
        """Make the bridge of half a length anew, as one smooth body, so that no hoof trips over a seam."""
        self.half = half
        for fixture in self._bridge.fixtures:
            self._bridge.DestroyFixture(fixture)
        shape = Box2D.b2PolygonShape(box=(half, THICK / 2, (0.0, -THICK / 2), 0.0))
        self._bridge.CreateFixture(Box2D.b2FixtureDef(shape=shape, friction=1.5, categoryBits=_BRIDGE_BIT))

    def play(self, orders: tuple[Five, Five]) -> None:
        """Play one turn.

        Args:
            orders: for each seat the angles its joints shall have.
        """
        one, two = self.walkers
        step = self.world.Step
        for _ in range(_STEPS):
            one.pull(orders[0])
            two.pull(orders[1])
            step(_STEP, *_ITERATIONS)
            one.read()
            two.read()
        self.turn += 1
        if self._fallen < len(FALLS) and self.turn == FALLS[self._fallen][0]:
            self.lay(FALLS[self._fallen][1])
            self._fallen += 1

    def ground(self) -> float:
        """Return how far the middle between both hulls lies beyond the bridge's, as the first seat looks."""
        one, two = self.walkers
        return float(one.side * (one.x + two.x) / 2)

    def winner(self) -> int | None:
        """Return the seat that won, -1 for a draw, None while the round goes on.

        Whose hull is down has lost. If both are, or the time is up, who won more ground wins.
        """
        one, two = self.walkers
        down, down_two = one.is_down(), two.is_down()
        if down != down_two:
            return int(down)
        if not down and self.turn < LAST_TURN:
            return None
        ground = self.ground()
        return -1 if abs(ground) < LEVEL else int(ground < 0)

    def next_fall(self) -> tuple[float, float]:
        """Return half the bridge's length after the next planks have fallen, and the seconds until then."""
        if self._fallen == len(FALLS):
            return self.half, 0.0
        turn, half = FALLS[self._fallen]
        return half, (turn - self.turn) * TURN_SECONDS

    def beat(self, seat: int) -> float:
        """Return where the drum of a seat is in its beat, radians."""
        return self.walkers[seat].phase + 2 * pi * BEAT * TURN_SECONDS * self.turn


def _start(rng: np.random.Generator) -> tuple[Five, float]:
    """Return the joints of one that stands braced, either leg ahead, and the drum's phase: near its beat."""
    loose = rng.uniform(-_LOOSE, _LOOSE, 5).tolist()
    beat = float(rng.uniform(0.25 * pi, 0.75 * pi))
    hip, knee, hip_two, knee_two, lance = (angle + by for angle, by in zip(STANCE, loose, strict=True))
    if rng.integers(2):
        return (hip_two, knee_two, hip, knee, lance), beat + pi
    return (hip, knee, hip_two, knee_two, lance), beat
