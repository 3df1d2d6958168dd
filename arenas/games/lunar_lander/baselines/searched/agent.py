"""The scripted pilot with its eleven numbers found by search, begun at the scripted ones.

`arenas.games.search` made `numbers.npy`.
"""

from pathlib import Path
from types import SimpleNamespace

import numpy as np

NOTHING, LEFT_ENGINE, MAIN_ENGINE, RIGHT_ENGINE = range(4)
SCRIPTED = {
    "home": 0.5,
    "drift": 1.0,
    "most_angle": 0.4,
    "funnel": 0.55,
    "turn_pull": 0.5,
    "turn_brake": 1.0,
    "lift_pull": 0.5,
    "lift_brake": 0.5,
    "settle": 0.5,
    "main_from": 0.05,
    "side_from": 0.05,
}
START = list(SCRIPTED.values())
SPREAD = [0.3 * number for number in START]


class Agent:
    lanes = 16

    def __init__(self, numbers=None):
        found = np.load(Path(__file__).parent / "numbers.npy") if numbers is None else numbers
        self.n = SimpleNamespace(**dict(zip(SCRIPTED, found.tolist(), strict=True)))

    def act(self, observation):
        n = self.n
        x, y, speed_x, speed_y, angle, spin, left_leg, right_leg = observation.tolist()
        wanted_angle = min(max(n.home * x + n.drift * speed_x, -n.most_angle), n.most_angle)
        turn = n.turn_pull * (wanted_angle - angle) - n.turn_brake * spin
        lift = n.lift_pull * (n.funnel * abs(x) - y) - n.lift_brake * speed_y
        if left_leg or right_leg:
            turn, lift = 0.0, -n.settle * speed_y
        if lift > abs(turn) and lift > n.main_from:
            return MAIN_ENGINE
        if turn < -n.side_from:
            return RIGHT_ENGINE
        if turn > n.side_from:
            return LEFT_ENGINE
        return NOTHING
