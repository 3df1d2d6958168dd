"""Follows the road by its colour: steers to the middle of the grey ahead, brakes where it bends.

Drives with a wheel and pedals, or with five choices, of which it can have but one a turn.
"""

import numpy as np

CAR = 48  # column the car stands in, in every picture
ROWS = (60, 50, 40)  # rows looked at, near to far; the car stands in row 70
WEIGHTS = (0.02, 0.012, 0.008)  # steering for each column the road's middle lies aside, by row
DAMPING = 0.015  # of the change of the nearest middle
FASTEST, SLOWEST, CAUTION = 70.0, 28.0, 1.1  # metres a second; less for each column the road bends away
NOTHING, RIGHT, LEFT, GAS, BRAKE = range(5)
TURN = 0.6  # how far the wheel is turned by a choice
METRES_A_SECOND = 19.5 / 255  # for the brightness of the white bar at the bottom left


def middle(picture, row, expected):
    """Return the column of the middle of the road in a row; what was expected where none is seen."""
    pixels = picture[row].astype(int)
    columns = np.flatnonzero(np.abs(pixels[:, 0] - pixels[:, 1]) < 40)  # grass is green, road is not
    if not len(columns):
        return expected
    strips = np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1)
    strip = min(strips, key=lambda strip: max(strip[0] - expected, expected - strip[-1], 0))
    return (strip[0] + strip[-1]) / 2


class Agent:
    lanes = 4

    def reset(self, start):
        self.last = CAR
        self.chooses = bool(start.action_space.n)
        self.owed = 0.0  # steering that choices have not given yet

    def act(self, observation):
        middles, expected = [], CAR
        for row in ROWS:
            expected = middle(observation, row, expected)
            middles.append(expected)
        steer = sum(weight * (column - CAR) for weight, column in zip(WEIGHTS, middles, strict=True))
        steer += DAMPING * (middles[0] - self.last)
        self.last = middles[0]
        speed = METRES_A_SECOND * observation[84:94, 12, 0].sum(dtype=float)
        wanted = max(FASTEST - CAUTION * abs(middles[-1] - CAR), SLOWEST)
        gas = 0.5 if speed < wanted else 0.0
        brake = 0.4 if speed > wanted + 8 else 0.0
        if self.chooses:
            return self.choice(float(np.clip(steer, -1, 1)), gas, brake)
        return np.array([np.clip(steer, -1, 1), gas, brake], np.float32)

    def choice(self, steer, gas, brake):
        """Return a turn of the wheel whenever enough of it is owed, else a pedal."""
        self.owed = min(max(self.owed + steer, -TURN), TURN)
        if abs(self.owed) > TURN / 2:
            self.owed -= TURN if self.owed > 0 else -TURN
            return RIGHT if steer > 0 else LEFT
        return BRAKE if brake else GAS if gas else NOTHING
