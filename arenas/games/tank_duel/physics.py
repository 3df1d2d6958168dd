"""Tank duel: two tracked bodies among walls in a Box2D world, turrets, shells, and a storm that closes in.

How it works. A turn is one step of the world. Before it, what the tracks do is written into a body's
velocity: they pull it towards the speed that was asked for and hold it against sliding, no harder than they
grip; Box2D keeps tanks out of walls and of each other. Turrets, shells, sight and storm are plain arithmetic.
Tanks, not seats: tank 0 starts at the left; which seat has which tank is drawn by the environment, so that
nothing in here can favour a seat.
Lengths are metres, times seconds, angles radians; grip is an acceleration, so the mass does not matter.
"""

import warnings
from math import cos, hypot, pi, sin
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from arenas.games.tank_duel.field import TRIES, Field, rim

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Box2D's SWIG types warn when made, and crash if that is an error.
    import Box2D

Order: TypeAlias = tuple[float, float, float, bool]
"""Throttle, turn and turret, -1 to 1 (ahead, to the left, to the left), and whether to fire."""

TURN_SECONDS: Final = 0.05

LENGTH: Final = 1.2
WIDTH: Final = 0.8
BEVEL: Final = 0.2
"""By so much the corners are cut off where tanks touch something, so that they slide off it; shells meet the
whole box."""
_X, _Y = LENGTH / 2, WIDTH / 2
HULL: Final = (
    *((BEVEL - _X, -_Y), (_X - BEVEL, -_Y), (_X, BEVEL - _Y), (_X, _Y - BEVEL)),
    *((_X - BEVEL, _Y), (BEVEL - _X, _Y), (-_X, _Y - BEVEL), (-_X, BEVEL - _Y)),
)
SPEED: Final = 3.5
"""Greatest speed forwards; backwards it is `REVERSE` of it."""
REVERSE: Final = 0.6
TURN_RATE: Final = 2.2
TURRET_RATE: Final = 2.5
"""The turret turns by this against the hull, and with the hull as it turns."""
GRIP: Final = 8.0
SIDE_GRIP: Final = 12.0
TURN_GRIP: Final = 20.0

SHELL_SPEED: Final = 10.0
SHELL_TURNS: Final = 40
"""A shell that has met nothing after this many turns is gone."""
RELOAD_TURNS: Final = 30
ARMOUR: Final = 6.0
"""Hit points at the start."""
DAMAGE: Final = {"front": 1.0, "side": 2.0, "rear": 3.0}

SIGHT: Final = 12.0
CONE: Final = pi / 3
"""Half the angle of the cone that is seen, to both sides of the turret."""
NEAR: Final = 3.0
"""Nearer than this a tank is noticed all round, unless a wall is between."""

CALM_TURNS: Final = 300
STORM_EVERY: Final = 50
STORM: Final = 0.5
STORM_DEPTH: Final = 0.25
"""Hit points that the storm takes a second: `STORM`, and this for each metre from its edge."""
RADII: Final = (12.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0)
"""Of the calm place in the middle; the next one from `CALM_TURNS` on, then every `STORM_EVERY` turns."""
MOST_TURNS: Final = CALM_TURNS + STORM_EVERY * (len(RADII) - 2) + round(ARMOUR / (STORM * TURN_SECONDS)) + 1

_CONE_COSINE: Final = cos(CONE)
_INSIDE: Final = 1e-6
"""A shell that comes off a wall, or stops short of it for a turn, is this far in front of it."""
_WALLS: Final = rim()


class Known(NamedTuple):
    """What a tank last knew of the other: place, headings, speed (field frame), hit points."""

    x: float
    y: float
    cos: float
    sin: float
    turret_cos: float
    turret_sin: float
    vx: float
    vy: float
    armour: float


class Event(NamedTuple):
    """Something to see: a shot, a ricochet, a hit or a shell that burst."""

    kind: str
    """fire, ricochet, burst, front, side, rear."""
    tank: int
    """Who fired, or who was hit."""
    x: float
    y: float


class Shell:
    """A shell in flight."""

    __slots__ = ("dx", "dy", "has_bounced", "left", "owner", "x", "y")

    def __init__(self, owner: int, x: float, y: float, way: tuple[float, float]) -> None:
        self.owner = owner
        self.x, self.y = x, y
        self.dx, self.dy = way
        self.has_bounced = False
        self.left = SHELL_TURNS


class Tank:
    """One tracked body with its turret and its gun."""

    __slots__ = (
        *("angle", "armour", "body", "cos", "gaze_cos", "gaze_sin", "known", "loading", "seen"),
        *("sin", "spin", "turret", "turret_cos", "turret_sin", "vx", "vy", "x", "y"),
    )

    def __init__(self, world: Any, x: float, y: float, angle: float) -> None:  # Any: Box2D has no types.
        shape = Box2D.b2PolygonShape(vertices=HULL)
        fixture = Box2D.b2FixtureDef(shape=shape, density=1.0, friction=0.0, restitution=0.1)
        self.body = world.CreateDynamicBody(position=(x, y), angle=angle, fixtures=fixture, bullet=True)
        self.turret = 0.0
        self.armour = ARMOUR
        self.loading = RELOAD_TURNS
        self.seen = 0
        """Turns since the other was last seen."""
        self.read()
        self.aim(0.0)
        self.known = _known(self)
        """What it last knew of the other; at the start where that stands."""

    def read(self) -> None:
        """Take over from Box2D where the body is and how it moves."""
        body = self.body
        place, velocity, angle = body.position, body.linearVelocity, body.angle
        self.x, self.y, self.angle = place.x, place.y, angle
        self.vx, self.vy, self.spin = velocity.x, velocity.y, body.angularVelocity
        self.cos, self.sin = cos(angle), sin(angle)

    def pull(self, throttle: float, turn: float) -> None:
        """Let the tracks act for one step of the world."""
        ahead, left = self.cos, self.sin
        goal = throttle * SPEED * (REVERSE if throttle < 0 else 1.0)
        forward = self.vx * ahead + self.vy * left
        side = self.vy * ahead - self.vx * left
        along = min(GRIP * TURN_SECONDS, max(-GRIP * TURN_SECONDS, goal - forward))
        across = min(SIDE_GRIP * TURN_SECONDS, max(-SIDE_GRIP * TURN_SECONDS, -side))
        most = TURN_GRIP * TURN_SECONDS
        body = self.body
        body.linearVelocity = (
            self.vx + along * ahead - across * left,
            self.vy + along * left + across * ahead,
        )
        body.angularVelocity = self.spin + min(most, max(-most, turn * TURN_RATE - self.spin))

    def aim(self, turn: float) -> None:
        """Turn the turret for one turn; `gaze` is where it looks in the field."""
        self.turret += turn * TURRET_RATE * TURN_SECONDS
        self.turret_cos, self.turret_sin = cos(self.turret), sin(self.turret)
        self.gaze_cos = self.cos * self.turret_cos - self.sin * self.turret_sin
        self.gaze_sin = self.sin * self.turret_cos + self.cos * self.turret_sin

    def sees(self, dx: float, dy: float, far: float) -> bool:
        """Say whether something at an offset is in sight where no wall is between."""
        if far > SIGHT:
            return False
        return far <= NEAR or dx * self.gaze_cos + dy * self.gaze_sin >= _CONE_COSINE * far

    def hit_by(self, x: float, y: float, dx: float, dy: float, most: float) -> tuple[float, str] | None:
        """Return how far along a line the hull is met, and which side; None if it is not.

        Args:
            x: where the line begins.
            y: the same.
            dx: its direction, of length 1.
            dy: the same.
            most: its length.
        """
        x, y = x - self.x, y - self.y
        # Most shells are far away: the circle around the hull tells without turning anything.
        if abs(x) > most + LENGTH or abs(y) > most + LENGTH:
            return None
        ahead, left = x * self.cos + y * self.sin, y * self.cos - x * self.sin
        dx, dy = dx * self.cos + dy * self.sin, dy * self.cos - dx * self.sin
        begin, end, side = 0.0, most, "side"
        for at, step, half, name in ((ahead, dx, LENGTH / 2, ""), (left, dy, WIDTH / 2, "side")):
            if abs(step) < 1e-12:
                if abs(at) > half:
                    return None
                continue
            enter, leave = (-half - at) / step, (half - at) / step
            if enter > leave:
                enter, leave = leave, enter
            if enter > begin:
                begin, side = enter, name or ("rear" if step > 0 else "front")
            end = min(end, leave)
        return (begin, side) if begin <= end else None


class Duel:
    """One round: two tanks, the walls between them, shells and the storm."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Draw walls and starts: tank 0 at the left, tank 1 where a half turn about the middle takes it.

        Only their headings differ, up to 45 degrees from straight at the other end; else two copies of one
        agent would do the same to each other until the end.
        """
        draws = rng.random(4 + 3 * TRIES).tolist()
        x, y = -8.0 + 1.5 * draws[0], 10.0 * draws[1] - 5.0
        angle, angle_two = (pi / 2 * (draw - 0.5) for draw in draws[2:4])
        self.field = Field(draws[4:], (x, y))
        self.world = Box2D.b2World(gravity=(0, 0), doSleep=False)
        walls = [
            Box2D.b2FixtureDef(
                shape=Box2D.b2PolygonShape(
                    box=((right - left) / 2, (top - bottom) / 2, ((left + right) / 2, (bottom + top) / 2), 0)
                ),
                friction=0.0,
            )
            for left, bottom, right, top in (*_WALLS, *self.field.blocks)
        ]
        self.world.CreateStaticBody(fixtures=walls)
        self.tanks = (Tank(self.world, x, y, angle), Tank(self.world, -x, -y, angle_two + pi))
        self.tanks[0].known, self.tanks[1].known = _known(self.tanks[1]), _known(self.tanks[0])
        self.shells: list[Shell] = []
        self.events: list[Event] = []
        """What happened in the last turn."""
        self.turn = 0
        self.radius = RADII[0]
        self._look()

    def play(self, one: Order, two: Order) -> None:
        """Play one turn: the orders of tank 0 and tank 1."""
        if self.events:
            self.events = []
        first, second = self.tanks
        first.pull(one[0], one[1])
        second.pull(two[0], two[1])
        self.world.Step(TURN_SECONDS, 6, 3)
        first.read()
        second.read()
        first.aim(one[2])
        second.aim(two[2])
        if self.shells:
            self.shells = [shell for shell in self.shells if self.fly(shell)]
        self._load(0, one[3])
        self._load(1, two[3])
        self.turn += 1
        if self.turn >= CALM_TURNS:
            self._blow()
        self._look()

    def winner(self) -> int | None:
        """Return the tank that won, -1 for a draw, None while both are whole.

        If both are destroyed in one turn, the one nearer to the middle wins.
        """
        one, two = self.tanks
        if one.armour > 0 and two.armour > 0:
            return None
        if one.armour > 0 or two.armour > 0:
            return int(two.armour > 0)
        far, far_two = hypot(one.x, one.y), hypot(two.x, two.y)
        if abs(far - far_two) < 1e-5:
            return -1
        return int(far > far_two)

    def damage(self, number: int) -> float:
        """Return the hit points that shells took from a tank in the last turn."""
        events = self.events
        return sum(DAMAGE.get(event.kind, 0.0) for event in events if event.tank == number) if events else 0.0

    def next_storm(self) -> tuple[float, float]:
        """Return the radius of the calm place after the storm's next step, and the seconds until then."""
        if self.turn < CALM_TURNS:
            return RADII[1], (CALM_TURNS - self.turn) * TURN_SECONDS
        step = (self.turn - CALM_TURNS) // STORM_EVERY + 2
        if step >= len(RADII):
            return 0.0, 0.0
        return RADII[step], (CALM_TURNS + STORM_EVERY * (step - 1) - self.turn) * TURN_SECONDS

    def _load(self, number: int, fires: bool) -> None:
        tank = self.tanks[number]
        if tank.loading:
            tank.loading -= 1
        elif fires:
            tank.loading = RELOAD_TURNS
            self.shells.append(Shell(number, tank.x, tank.y, (tank.gaze_cos, tank.gaze_sin)))
            self.events.append(Event("fire", number, tank.x, tank.y))

    def fly(self, shell: Shell) -> bool:
        """Move a shell for one turn; say whether it flies on."""
        rest = SHELL_SPEED * TURN_SECONDS
        while True:
            # Looking on a little keeps a shell from ending a turn just in a wall's face.
            far, is_across = self.field.reach(shell.x, shell.y, shell.dx, shell.dy, rest + _INSIDE)
            flown = min(far, rest)
            met = self._met(shell, flown)
            if met is not None:
                self._strike(shell, *met)
                return False
            shell.x += shell.dx * flown
            shell.y += shell.dy * flown
            if far > rest:
                shell.left -= 1
                return shell.left > 0
            if shell.has_bounced:
                self.events.append(Event("burst", shell.owner, shell.x, shell.y))
                return False
            self._bounce(shell, is_across)
            rest -= far

    def _bounce(self, shell: Shell, is_across: bool) -> None:
        shell.x -= shell.dx * _INSIDE
        shell.y -= shell.dy * _INSIDE
        if is_across:
            shell.dx = -shell.dx
        else:
            shell.dy = -shell.dy
        shell.has_bounced = True
        self.events.append(Event("ricochet", shell.owner, shell.x, shell.y))

    def _met(self, shell: Shell, most: float) -> tuple[int, float, str] | None:
        """Return the tank that a shell meets first, how far on, and which side; its own only off a wall."""
        found = None
        for number, tank in enumerate(self.tanks):
            if number == shell.owner and not shell.has_bounced:
                continue
            met = tank.hit_by(shell.x, shell.y, shell.dx, shell.dy, most)
            if met is not None and (found is None or met[0] < found[1]):
                found = (number, *met)
        return found

    def _strike(self, shell: Shell, number: int, far: float, side: str) -> None:
        self.tanks[number].armour -= DAMAGE[side]
        self.events.append(Event(side, number, shell.x + shell.dx * far, shell.y + shell.dy * far))

    def _blow(self) -> None:
        """Let the storm come nearer and take its toll."""
        step = min((self.turn - CALM_TURNS) // STORM_EVERY + 1, len(RADII) - 1)
        self.radius = RADII[step]
        for tank in self.tanks:
            depth = hypot(tank.x, tank.y) - self.radius
            if depth > 0:
                tank.armour -= (STORM + STORM_DEPTH * depth) * TURN_SECONDS

    def _look(self) -> None:
        """Let both tanks see each other, or not."""
        one, two = self.tanks
        dx, dy = two.x - one.x, two.y - one.y
        far = hypot(dx, dy)
        sees, sees_two = one.sees(dx, dy, far), two.sees(-dx, -dy, far)
        if (sees or sees_two) and far > 0:
            is_free = self.field.reach(one.x, one.y, dx / far, dy / far, far)[0] >= far
        else:
            is_free = False
        one.seen = 0 if sees and is_free else one.seen + 1
        two.seen = 0 if sees_two and is_free else two.seen + 1
        if not one.seen:
            one.known = _known(two)
        if not two.seen:
            two.known = _known(one)


def _known(tank: Tank) -> Known:
    return Known(
        tank.x,
        tank.y,
        tank.cos,
        tank.sin,
        tank.gaze_cos,
        tank.gaze_sin,
        tank.vx,
        tank.vy,
        tank.armour,
    )
