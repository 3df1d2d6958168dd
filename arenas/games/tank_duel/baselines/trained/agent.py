"""Shows its side, waits, and drives out of a shell's way; its sixteen numbers were found by search.

`arenas.games.tank_duel.train` made `numbers.npy` (see TRAINING.md).
"""

from math import atan2, cos, hypot, pi, sin
from pathlib import Path
from types import SimpleNamespace

import numpy as np

SHELL_SPEED, TURRET_RATE, TURN_SECONDS, RELOAD = 10.0, 2.5, 0.05, 1.5
NOSE = 0.65  # from the middle to where a wall stops the hull
SPEED, REVERSE, GRIP = 3.5, 0.6, 8.0
BEGUN = {  # What a person thought of, and by how much the search first strays from it.
    "side": (1.3, 0.3),  # angle between hull and the other, once it is in sight
    "side_loaded": (
        1.3,
        0.3,
    ),  # the same while the other is thought to be loading, by the time since its shot
    "near": (5.0, 1.0),  # distances to keep
    "far": (8.0, 1.0),
    "lean": (0.5, 0.2),  # how hard it turns in or away to keep them
    "pace": (0.0, 0.4),  # throttle while it waits
    "lead": (1.0, 0.2),  # how much of the other's way during a shell's flight it aims ahead
    "width": (0.4, 0.15),  # metres beside the other that still count as aimed
    "reach": (9.0, 2.0),  # from farther it does not fire
    "danger": (0.9, 0.2),  # metres beside its middle where a shell passes that it runs from
    "room": (1.8, 0.3),  # metres to a wall that it wants to have ahead and behind while it waits
    "early": (1.5, 0.3),  # seconds before a shell comes that it begins to run
    "chase": (6.0, 2.0),  # seconds that it goes where the other was last seen
    "careful": (0.0, 0.5),  # metres it keeps further away for each hit point it is behind
    "home": (1.0, 0.4),  # metres inside the next calm where it feels safe
    "hurry": (4.0, 1.0),  # seconds before the storm's step that it goes there
}
START = [number for number, _ in BEGUN.values()]
SPREAD = [spread for _, spread in BEGUN.values()]


class Agent:
    lanes = 16

    def __init__(self, numbers=None):
        found = np.load(Path(__file__).parent / "numbers.npy") if numbers is None else numbers
        self.n = SimpleNamespace(**dict(zip(BEGUN, found.tolist(), strict=True)))
        self.chooses = False
        self.since_shot = 9.0

    def reset(self, start):
        self.chooses = start.action_space.kind == "discrete"
        self.since_shot = 9.0

    def act(self, observation):
        order = self.orders(observation.tolist())
        return choice(*order) if self.chooses else np.array(order, np.float32)

    def orders(self, s):
        """Throttle, turn, turret and fire (1 or -1) for what is seen."""
        n = self.n
        x, y, sees = s[13], s[14], s[11] > 0.5
        far = hypot(x, y)
        flight = n.lead * far / SHELL_SPEED if sees else 0.0
        aim = wrapped(atan2(y + flight * s[20], x + flight * s[19]) - atan2(s[8], s[7]))
        turret = (aim / TURN_SECONDS - s[6]) / TURRET_RATE
        fires = sees and far < n.reach and abs(sin(aim)) * far < n.width and cos(aim) > 0
        comes = s[22] > 0.5
        self.since_shot = 0.0 if comes else self.since_shot + TURN_SECONDS
        throttle, turn = self.drive(s, sees, far)
        if comes:
            throttle = self.dodge(s, throttle)
        return throttle, turn, min(1.0, max(-1.0, turret)), 1.0 if fires else -1.0

    def drive(self, s, sees, far):
        """Throttle and turn: into the calm, else side on to the other, else where it was last seen."""
        n = self.n
        middle = hypot(s[0], s[1])
        if middle > s[28] - n.home and s[29] < n.hurry:
            return steer(s, atan2(s[1], s[0]))
        if sees:
            return self.wait(s, far)
        if s[12] < n.chase and far > 1.5:
            return steer(s, atan2(s[14], s[13]))
        return steer(s, atan2(s[1], s[0])) if middle > 2.0 else (0.0, 1.0)

    def wait(self, s, far):
        """Side on at a distance, with room to run both ways."""
        n = self.n
        away = n.careful * (s[21] - s[9])
        lean = n.lean * (max(0.0, far - n.far - away) - max(0.0, n.near + away - far))
        side = n.side if self.since_shot > RELOAD - 0.5 else n.side_loaded
        bearing, angle = atan2(s[14], s[13]), side - min(0.9, max(-0.9, lean))
        turn = min((wrapped(bearing - angle), wrapped(bearing + angle)), key=abs)
        throttle = 1.0 if lean else n.pace
        if s[30] < n.room:
            throttle = -1.0
        elif s[34] < n.room:
            throttle = 1.0
        return min(1.0, max(-1.0, throttle)), min(1.0, max(-1.0, 3 * turn))

    def dodge(self, s, throttle):
        """The throttle that brings the hull farthest from where a shell will pass."""
        n = self.n
        x, y, speed_x, speed_y = s[23:27]
        if abs(speed_y) < 2.0 or not 0.0 < -y / speed_y < n.early:
            return throttle
        seconds = -y / speed_y
        passes = x + speed_x * seconds
        ways = {way: abs(passes - driven(s, way, seconds)) for way in (throttle, 1.0, -1.0)}
        return throttle if ways[throttle] > n.danger else max(ways, key=ways.get)


def driven(s, throttle, seconds):
    """Metres that the tracks go along the hull, until a wall stops it."""
    goal = throttle * SPEED * (REVERSE if throttle < 0 else 1.0)
    pulls = min(seconds, abs(goal - s[4]) / GRIP)
    pull = GRIP if goal > s[4] else -GRIP
    way = s[4] * pulls + pull * pulls * pulls / 2 + goal * (seconds - pulls)
    return max(NOSE - s[34], min(s[30] - NOSE, way))


def steer(s, goal):
    """Throttle and turn for a goal at an angle; walls nearer than two metres are gone around."""
    feelers = s[30:38]
    if feelers[round(goal / (pi / 4)) % 8] < 2.0:
        goal = max(
            (k * pi / 4 for k in range(-3, 5)),
            key=lambda way: cos(way - goal) + 0.8 * cos(way) + min(feelers[round(way / (pi / 4)) % 8], 2.0),
        )
    goal = wrapped(goal)
    if abs(goal) < 1.0:  # a corner of a wall beside the way would catch the hull
        goal += 1.5 * (max(0.0, 1.2 - feelers[7]) - max(0.0, 1.2 - feelers[1]))
    turn = min(1.0, max(-1.0, 3 * goal))
    if feelers[0] < 0.8:
        return -0.5, turn
    return (1.0 if abs(goal) < 0.9 else 0.2), turn


def wrapped(angle):
    return (angle + pi) % (2 * pi) - pi


def choice(throttle, turn, turret, fire):
    """The number of the discrete action that is nearest to an order."""
    steps = [0 if abs(part) < 0.4 else 1 if part > 0 else 2 for part in (throttle, turn, turret)]
    return 27 * int(fire > 0) + 9 * steps[0] + 3 * steps[1] + steps[2]
