"""Planner: tries 52 plans of a second on its own rough copy of the physics, and begins the best one.

Discs instead of boxes, tenths of a second instead of fortieths; the other is taken to drive at us.
"""

import numpy as np

STEP, STEPS, FIRST = 0.1, 10, 4
SPEED, BACK, SPIN, GRIP, SIDE, TURN_GRIP, BOOST = 3.0, 0.6, 3.5, 6.0, 4.0, 25.0, 1.7
REACH = 1.0

OPENINGS = [(t, w, False) for t in (1.0, 0.0, -1.0) for w in (-1.0, 0.0, 1.0)]
OPENINGS += [(t, w, True) for t in (1.0, -1.0) for w in (-0.4, 0.4)]
PLANS = [(opening, ending) for opening in OPENINGS for ending in (-1.0, 0.0, 1.0, None)]
THROTTLE = np.array([opening[0] for opening, _ in PLANS])
TURN = np.array([opening[1] for opening, _ in PLANS])
FIRE = np.array([opening[2] for opening, _ in PLANS])
THEN = np.array([0.0 if ending is None else ending for _, ending in PLANS])
AIMS = np.array([ending is None for _, ending in PLANS])


class Machines:
    """The same machine in every plan; arrays of one number a plan."""

    def __init__(self, x, y, angle, vx, vy, spin):
        ones = np.ones(len(PLANS))
        self.x, self.y, self.angle, self.vx, self.vy, self.spin = (
            ones * value for value in (x, y, angle, vx, vy, spin)
        )

    def pull(self, throttle, turn, strength):
        cosine, sine = np.cos(self.angle), np.sin(self.angle)
        goal = throttle * SPEED * strength * np.where(throttle < 0, BACK, 1.0)
        most = GRIP * strength * STEP
        along = np.clip(goal - (self.vx * cosine + self.vy * sine), -most, most)
        across = np.clip(self.vx * sine - self.vy * cosine, -SIDE * STEP, SIDE * STEP)
        self.vx = self.vx + along * cosine - across * sine
        self.vy = self.vy + along * sine + across * cosine
        self.spin = self.spin + np.clip(turn * SPIN - self.spin, -TURN_GRIP * STEP, TURN_GRIP * STEP)

    def move(self):
        self.x, self.y, self.angle = (
            self.x + STEP * self.vx,
            self.y + STEP * self.vy,
            self.angle + STEP * self.spin,
        )

    def bearing(self, other):
        found = np.arctan2(other.y - self.y, other.x - self.x) - self.angle
        return (found + np.pi) % (2 * np.pi) - np.pi


def collide(own, other):
    """Touching discs share the speed along the line between them, and are set apart."""
    x, y = other.x - own.x, other.y - own.y
    near = np.maximum(np.hypot(x, y), 1e-3)
    x, y = x / near, y / near
    closing = (own.vx - other.vx) * x + (own.vy - other.vy) * y
    push = np.where((near < REACH) & (closing > 0), closing / 2, 0.0)
    own.vx, own.vy = own.vx - push * x, own.vy - push * y
    other.vx, other.vy = other.vx + push * x, other.vy + push * y
    apart = np.maximum(0.0, REACH - near) / 2
    own.x, own.y = own.x - apart * x, own.y - apart * y
    other.x, other.y = other.x + apart * x, other.y + apart * y
    return near


class Agent:
    lanes = 16

    def act(self, observation):
        s = observation.astype(np.float64)
        own = Machines(0.0, 0.0, 0.0, s[2], s[3], s[4])
        other = Machines(s[6], s[7], np.arctan2(s[9], s[8]), s[10], s[11], s[12])
        worth = np.zeros(len(PLANS))
        charge, theirs = s[5], s[13]
        lives = np.ones(len(PLANS))
        for step in range(STEPS):
            radius = s[15] if s[16] < step * STEP else s[14]
            begins = step < FIRST
            turn = TURN if begins else np.where(AIMS, np.clip(3 * own.bearing(other), -1, 1), THEN)
            fires = FIRE & begins & (charge > 0.1 * step)
            own.pull(THROTTLE if begins else np.ones(len(PLANS)), turn, np.where(fires, BOOST, 1.0))
            aim = other.bearing(own)
            strength = BOOST if theirs > 0.3 and step < 4 else 1.0
            other.pull((np.abs(aim) < 0.9).astype(float), np.clip(3 * aim, -1, 1), strength)
            collide(own, other)
            own.move()
            other.move()
            out = np.hypot(own.x - s[0], own.y - s[1]) / radius
            far = np.hypot(other.x - s[0], other.y - s[1]) / radius
            worth += lives * (10.0 * (far > 1) - 10.0 * (out > 1)) * 0.9**step
            lives *= (far <= 1) & (out <= 1)
        worth += lives * (far - out - 0.5 * out**4 - 0.15 * np.abs(own.bearing(other)))
        worth += lives * 0.1 * np.abs(other.bearing(own)) - 0.05 * FIRE
        best = int(worth.argmax())
        return [float(THROTTLE[best]), float(TURN[best]), 1.0 if FIRE[best] else -1.0]
