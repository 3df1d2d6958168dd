"""Keeps its front and its gun to the other, fires when well aimed, and goes where it was last seen."""

from math import atan2, cos, hypot, pi, sin

import numpy as np

SHELL_SPEED = 10.0
TURRET_RATE = 2.5
TURN_SECONDS = 0.05


class Agent:
    lanes = 16

    def __init__(self):
        self.chooses = False

    def reset(self, start):
        self.chooses = start.action_space.kind == "discrete"

    def act(self, observation):
        order = orders(observation.tolist())
        return choice(*order) if self.chooses else np.array(order, np.float32)


def orders(s):
    """Throttle, turn, turret and fire (1 or -1) for what is seen."""
    x, y, sees = s[13], s[14], s[11] > 0.5
    far = hypot(x, y)
    flight = far / SHELL_SPEED if sees else 0.0
    aim = wrapped(atan2(y + flight * s[20], x + flight * s[19]) - atan2(s[8], s[7]))
    turret = (aim / TURN_SECONDS - s[6]) / TURRET_RATE
    fires = sees and abs(sin(aim)) * far < 0.4 and cos(aim) > 0
    throttle, turn = drive(s, sees, far)
    return throttle, turn, min(1.0, max(-1.0, turret)), 1.0 if fires else -1.0


def drive(s, sees, far):
    """Throttle and turn: into the calm, else to the other, else where it was last seen."""
    middle = hypot(s[0], s[1])
    if middle > s[28] - 1.0 and s[29] < 4.0:
        return steer(s, atan2(s[1], s[0]))
    if sees:
        turn = min(1.0, max(-1.0, 3 * atan2(s[14], s[13])))
        return (0.7 if far > 7.0 else -0.5 if far < 4.0 else 0.0), turn
    if s[12] < 6.0 and far > 1.5:
        return steer(s, atan2(s[14], s[13]))
    return steer(s, atan2(s[1], s[0])) if middle > 2.0 else (0.0, 1.0)


def steer(s, goal):
    """Throttle and turn for a goal at an angle; walls nearer than two metres are gone around."""
    feelers = s[30:38]
    if feelers[round(goal / (pi / 4)) % 8] < 2.0:
        # Along the wall and rather on than back, so that the way around is not given up half way.
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
