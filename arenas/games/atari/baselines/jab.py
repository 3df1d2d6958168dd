"""Boxing from memory: stand an arm's length off and half a head higher or lower, and hit."""

import numpy as np

X, Y = (32, 33), (34, 35)
"""Where the memory keeps the places of the first (white) and the second (black) boxer."""
NOTHING, FIRE, UP, RIGHT, LEFT, DOWN = 0, 1, 2, 3, 4, 5
DIAGONAL = {(RIGHT, UP): 6, (LEFT, UP): 7, (RIGHT, DOWN): 8, (LEFT, DOWN): 9}
REACH = 30
ASIDE = 20
"""A blow lands beside the arms of the other, not between them."""
SLACK = 5


class Agent:
    lanes = 16

    def reset(self, start):
        self.own, self.other = start.seat, 1 - start.seat
        self.turn = 0

    def act(self, observation):
        memory = np.asarray(observation).astype(int)
        self.turn += 1
        across = memory[X[self.other]] - memory[X[self.own]]
        down = memory[Y[self.other]] - memory[Y[self.own]]
        # The side of the other that is nearer, unless the ropes are there.
        side = down - ASIDE if down > 0 else down + ASIDE
        walk = (RIGHT if across > 0 else LEFT) if abs(across) > REACH - 4 else None
        climb = (DOWN if side > 0 else UP) if abs(side) > SLACK else None
        # The button must be let go between two blows.
        if abs(across) <= REACH + 2 and abs(side) <= 2 * SLACK and self.turn % 2:
            return FIRE
        if walk and climb:
            return DIAGONAL[walk, climb]
        return walk or climb or (NOTHING if self.turn % 2 else FIRE)
