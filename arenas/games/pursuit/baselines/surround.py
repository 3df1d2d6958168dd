"""Pursuit: gather in one corner, where two or three suffice; share out the sides of an evader in sight."""

import numpy as np

MOVES = np.array([[-1, 0], [1, 0], [0, 1], [0, -1]])
STAY = 4
MIDDLE = 3
ALONE = 5
"""What a side that nobody stands near adds to the cost of an evader."""


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = np.random.default_rng((start.seed, start.seat))

    def act(self, observation):
        # Rows are y, columns x; the hunter stands in the middle.
        walls, hunters, evaders = np.asarray(observation).transpose(2, 1, 0)
        places = np.argwhere(hunters > 0) - MIDDLE
        friends = [tuple(place) for place in places for _ in range(int(hunters[tuple(place + MIDDLE)]))]
        best, goal = 99.0, None
        for prey in np.argwhere(evaders > 0) - MIDDLE:
            cost, side = self.share_out(prey, walls, friends)
            if side is not None and cost < best:
                best, goal = cost, side
        if goal is None or best > 2.5 * ALONE:
            goal = self.corner(walls)
        return self.step_to(np.array(goal), walls)

    def share_out(self, prey, walls, friends):
        """Return what it costs to surround the prey, and the side that falls to this hunter, or None."""
        sides = [tuple(side) for side in prey + MOVES if self.is_free(side, walls)]
        if not sides:
            return 99.0, None
        pairs = sorted(
            (abs(one[0] - side[0]) + abs(one[1] - side[1]), number, one, side)
            for number, one in enumerate(friends)
            for side in sides
        )
        taken, own, cost = {}, None, 0.0
        for gap, number, one, side in pairs:
            if number in taken or side in taken.values():
                continue
            taken[number] = side
            cost += gap
            if one == (0, 0) and own is None:
                own = side
        return cost + ALONE * (len(sides) - len(taken)), own

    def is_free(self, cell, walls):
        x, y = np.asarray(cell) + MIDDLE
        return not (0 <= x < 7 and 0 <= y < 7) or walls[x, y] == 0

    def corner(self, walls):
        """Return a step towards the corner of low rows and columns, restless so that cells are not shared."""
        free = [move for move in MOVES if self.is_free(move, walls)]
        home = [move for move in free if move.sum() < 0 and self.is_free(3 * move, walls)]
        choice = home if home and self.rng.random() < 0.9 else free
        return choice[self.rng.integers(len(choice))] if choice else np.zeros(2)

    def step_to(self, goal, walls):
        if not goal.any():
            return STAY
        gaps = np.abs(goal - MOVES).sum(axis=1).astype(float)
        gaps += [0.0 if self.is_free(move, walls) else 9.0 for move in MOVES]
        return int((gaps + 0.1 * self.rng.random(4)).argmin())
