"""Adversarial pursuit for both roles: hunters tag what is in reach and close in, prey keeps the gap wide."""

import numpy as np

STEPS = np.array([[-1, 0], [0, -1], [0, 0], [0, 1], [1, 0]])
"""Rows and columns of a hunter's moves 0 to 4."""
TAGS = [(3, 4), (3, 5), (4, 3), (4, 6), (5, 3), (5, 6), (6, 4), (6, 5)]
"""Cells of a hunter's view that its actions 5 to 12 tag; its body is the four in the middle."""
BODY = np.array([4.5, 4.5])
HOPS = np.array([(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1)])
"""Rows and columns of a prey's moves 0 to 8."""


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = np.random.default_rng((start.seed, start.seat))
        self.is_hunter = start.role == "predator"
        self.way = np.array([0, 1])

    def act(self, observation):
        walls, friends, _, others, _ = np.asarray(observation).transpose(2, 0, 1)
        return self.hunt(walls, friends, others) if self.is_hunter else self.flee(walls + friends, others)

    def hunt(self, walls, friends, prey):
        for action, (row, column) in enumerate(TAGS):
            if prey[row, column]:
                return len(STEPS) + action
        found = np.argwhere(prey > 0) - BODY
        if len(found):
            goal = found[np.abs(found).sum(axis=1).argmin()]
        else:
            if self.rng.random() < 0.2:
                self.way = STEPS[self.rng.integers(5)]
            goal = 4 * self.way
        solid = walls + friends
        solid[4:6, 4:6] = 0
        costs = np.abs(goal - STEPS).sum(axis=1) + 0.1 * self.rng.random(5)
        costs += [9.0 * (solid[4 + r : 6 + r, 4 + c : 6 + c] > 0).any() for r, c in STEPS]
        return int(costs.argmin())

    def flee(self, solid, hunters):
        cells = 4 + HOPS
        blocked = solid[cells[:, 0], cells[:, 1]] + hunters[cells[:, 0], cells[:, 1]]
        blocked[4] = 0
        room = np.array([(solid[r - 1 : r + 2, c - 1 : c + 2] > 0).sum() for r, c in cells])
        found = np.argwhere(hunters > 0) - 4
        gaps = np.full(9, 5.0)
        if len(found):
            gaps = np.abs(found[None] - HOPS[:, None]).sum(axis=2).min(axis=1)
        score = np.minimum(gaps, 5.0) - 0.15 * room - 9.0 * blocked + 0.01 * self.rng.random(9)
        return int(score.argmax())
