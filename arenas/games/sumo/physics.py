"""Sumo's machines and the ring: a Box2D world seen from above, two tracked bodies without gravity.

How it works. A turn is two steps of the world. Before each, what the tracks do to a body is written into its
velocity: they pull it towards the speed that was asked for and hold it against sliding sideways, both no
harder than they grip. Box2D does the rest: who pushes whom, and where the blade slips off.
Lengths are metres, times seconds, angles radians; grip is an acceleration, so the mass does not matter.
"""

import warnings
from math import cos, hypot, pi, sin
from typing import Any, Final, TypeAlias

import numpy as np

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore"
    )  # Box2D's SWIG types warn when they are made, and crash if that is an error.
    import Box2D

Corners: TypeAlias = tuple[tuple[float, float], ...]

TURN_SECONDS: Final = 0.05
_STEPS: Final = 2
_STEP: Final = TURN_SECONDS / _STEPS

SPEED: Final = 3.0
"""Greatest speed of the tracks forwards; backwards it is `REVERSE` of it."""
REVERSE: Final = 0.6
TURN_RATE: Final = 3.5
GRIP: Final = 6.0
"""Greatest pull of the tracks along the body."""
SIDE_GRIP: Final = 4.0
"""Greatest hold of the tracks across the body: who is pushed from the side gives way."""
TURN_GRIP: Final = 25.0
BOOST: Final = 1.7
"""By so much the boost multiplies speed and grip."""
DRAIN: Final = 0.05
"""Charge that a turn of boost takes; a full charge of 1 lasts a second."""
REFILL: Final = 1 / 120
START_CHARGE: Final = 0.5

RADIUS: Final = 5.0
PLANK: Final = 0.5
_FIRST_FALL: Final = 120
_FALL_EVERY: Final = 30
LAST_RADIUS: Final = 0.3
"""Room for one: two machines' centres are at least twice this apart, so a round always has an end."""

HULL: Final[Corners] = ((-0.5, -0.35), (0.5, -0.35), (0.5, 0.35), (-0.5, 0.35))
BLADE: Final[Corners] = ((0.5, -0.5), (0.65, -0.45), (0.65, 0.45), (0.5, 0.5))
TRACKS: Final[tuple[Corners, ...]] = (
    ((-0.5, 0.3), (0.45, 0.3), (0.45, 0.45), (-0.5, 0.45)),
    ((-0.5, -0.45), (0.45, -0.45), (0.45, -0.3), (-0.5, -0.3)),
)
"""Only drawn; they touch nothing."""


def _falls() -> tuple[tuple[int, float], ...]:
    """Return when planks fall and the radius from that turn on."""
    radii = [RADIUS - PLANK * (count + 1) for count in range(int(RADIUS / PLANK) - 1)] + [LAST_RADIUS]
    return tuple((_FIRST_FALL + _FALL_EVERY * count, radius) for count, radius in enumerate(radii))


FALLS: Final = _falls()
LAST_TURN: Final = FALLS[-1][0]


class Machine:
    """One tracked body with its charge."""

    __slots__ = ("angle", "body", "boosts", "charge", "cos", "sin", "spin", "vx", "vy", "x", "y")

    def __init__(self, world: Any, x: float, y: float, angle: float) -> None:  # Any: Box2D has no types.
        fixtures = [
            Box2D.b2FixtureDef(
                shape=Box2D.b2PolygonShape(vertices=corners), density=1.0, friction=0.4, restitution=0.15
            )
            for corners in (HULL, BLADE)
        ]
        self.body = world.CreateDynamicBody(position=(x, y), angle=angle, fixtures=fixtures)
        # The mass is centred on the body's origin, so that it turns about the place that counts.
        mass = self.body.massData
        mass.I, mass.center = mass.I - mass.mass * mass.center.lengthSquared, (0.0, 0.0)
        self.body.massData = mass
        self.charge = START_CHARGE
        self.boosts = False
        self.read()

    def read(self) -> None:
        """Take over from Box2D where the body is and how it moves."""
        body = self.body
        place, velocity, angle = body.position, body.linearVelocity, body.angle
        self.x, self.y, self.angle = place.x, place.y, angle
        self.vx, self.vy, self.spin = velocity.x, velocity.y, body.angularVelocity
        self.cos, self.sin = cos(angle), sin(angle)

    def burn(self, wants: bool) -> None:
        """Use or refill the charge for one turn."""
        self.boosts = wants and self.charge >= DRAIN
        self.charge = self.charge - DRAIN if self.boosts else min(1.0, self.charge + REFILL)

    def pull(self, throttle: float, turn: float) -> None:
        """Let the tracks act for one step of the world."""
        strength = BOOST if self.boosts else 1.0
        goal = throttle * SPEED * strength * (REVERSE if throttle < 0 else 1.0)
        most = GRIP * strength * _STEP
        forward = self.vx * self.cos + self.vy * self.sin
        side = self.vy * self.cos - self.vx * self.sin
        along = min(most, max(-most, goal - forward))
        across = min(SIDE_GRIP * _STEP, max(-SIDE_GRIP * _STEP, -side))
        twist = min(TURN_GRIP * _STEP, max(-TURN_GRIP * _STEP, turn * TURN_RATE - self.spin))
        body = self.body
        body.linearVelocity = (
            self.vx + along * self.cos - across * self.sin,
            self.vy + along * self.sin + across * self.cos,
        )
        body.angularVelocity = self.spin + twist


class Bout:
    """One round: two machines in a ring that loses its outermost plank from time to time."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Set the machines at places that are half a turn about the centre apart.

        Who stands where, and in which order Box2D takes the bodies, are drawn too: over the seeds no seat has
        an advantage, however small.
        """
        way, far, aim = rng.uniform(0.0, 2 * pi), rng.uniform(1.8, 3.0), rng.uniform(-pi / 2, pi / 2)
        starts = [(far * cos(way + half), far * sin(way + half), way + half + pi + aim) for half in (0.0, pi)]
        self.world = Box2D.b2World(gravity=(0, 0), doSleep=False)
        if rng.integers(2):
            second, first = (Machine(self.world, *starts[seat]) for seat in (1, 0))
        else:
            first, second = (Machine(self.world, *starts[seat]) for seat in (0, 1))
        self.machines = (first, second)
        self.turn = 0
        self.radius = RADIUS
        self._falls = 0

    def play(self, orders: tuple[tuple[float, float, bool], tuple[float, float, bool]]) -> None:
        """Play one turn.

        Args:
            orders: for each seat throttle and turn, -1 to 1 (ahead, to the left), and whether to boost.
        """
        one, two = self.machines
        (throttle, turn, boost), (throttle_two, turn_two, boost_two) = orders
        one.burn(boost)
        two.burn(boost_two)
        step = self.world.Step
        for _ in range(_STEPS):
            one.pull(throttle, turn)
            two.pull(throttle_two, turn_two)
            step(_STEP, 6, 3)
            one.read()
            two.read()
        self.turn += 1
        if self._falls < len(FALLS) and self.turn == FALLS[self._falls][0]:
            self.radius = FALLS[self._falls][1]
            self._falls += 1

    def winner(self) -> int | None:
        """Return the seat that won, -1 for a draw, None while both are in the ring.

        Whose centre is beyond the edge is out. If both are, the one nearer to the centre wins.
        """
        far, far_two = (hypot(machine.x, machine.y) for machine in self.machines)
        if far <= self.radius and far_two <= self.radius:
            return None
        if abs(far - far_two) < 1e-5:
            return -1
        return int(far > far_two)

    def next_fall(self) -> tuple[float, float]:
        """Return the radius after the next plank has fallen, and the seconds until then."""
        if self._falls == len(FALLS):
            return self.radius, 0.0
        turn, radius = FALLS[self._falls]
        return radius, (turn - self.turn) * TURN_SECONDS
