"""Walks to the nearest apple it sees and eats it; looks for others where there is none. For both lands."""

from collections import deque

import numpy as np

AHEAD, BACK, LEFT, RIGHT, TURN_LEFT, TURN_RIGHT = 1, 2, 3, 4, 5, 6
MIDDLE = 7
STEPS = ((-1, 0, AHEAD), (0, 1, RIGHT), (1, 0, BACK), (0, -1, LEFT))


class Agent:
    """Sees one land; `observation` is uint8 (planes, 15, 15), turned so that the agent looks up."""

    lanes = 16

    def reset(self, start):
        """Begin an episode."""
        self.rng = np.random.default_rng((start.seed, start.seat))

    def act(self, observation):
        """Return an action."""
        return self.walk_to(observation, observation[1]) or self.wander(observation)

    def walk_to(self, observation, wanted):
        """Return the first step to the nearest wanted cell by a free way, or 0."""
        free = (observation[0] | observation[3:7].any(axis=0)) == 0
        first = np.zeros((15, 15), np.int8)
        first[MIDDLE, MIDDLE] = -1
        ways = deque([(MIDDLE, MIDDLE)])
        while ways:
            row, column = ways.popleft()
            if wanted[row, column] and first[row, column] > 0:
                return int(first[row, column])
            for down, right, action in STEPS:
                r, c = row + down, column + right
                if 0 <= r < 15 and 0 <= c < 15 and free[r, c] and not first[r, c]:
                    first[r, c] = action if first[row, column] < 0 else first[row, column]
                    ways.append((r, c))
        return 0

    def wander(self, observation):
        """Walk ahead, and turn now and then or where the way is blocked."""
        blocked = observation[0, MIDDLE - 1, MIDDLE] or observation[3:7, MIDDLE - 1, MIDDLE].any()
        if blocked or self.rng.random() < 0.05:
            return int(self.rng.choice((TURN_LEFT, TURN_RIGHT)))
        return AHEAD
