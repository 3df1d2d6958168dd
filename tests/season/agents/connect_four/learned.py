"""One move ahead by learned numbers: what lines of each kind are worth, from games against itself.

`python -m tests.season.training connect_four` taught them (temporal differences).
"""

import numpy as np

NUMBERS = (
    # own lines of 1, 2, 3 discs: level, upright, slanting; threats in odd and even rows, beginning or not
    0.040,
    0.123,
    0.276,
    0.011,
    0.033,
    0.154,
    -0.001,
    0.057,
    0.125,
    0.165,
    0.114,
    0.063,
    0.128,
    # the other's
    -0.036,
    -0.134,
    -0.275,
    -0.073,
    -0.096,
    -1.368,
    -0.007,
    -0.057,
    -0.108,
    -0.149,
    -0.267,
    -0.149,
    -0.081,
    # discs in the middle
    0.041,
    -0.060,
)
LINES = [
    (kind, [7 * (row + n * down) + column + n * right for n in range(4)])
    for kind, (down, right) in enumerate(((0, 1), (1, 0), (1, 1), (1, -1)))
    for row in range(6)
    for column in range(7)
    if row + 3 * down < 6 and 0 <= column + 3 * right < 7
]
CELLS = np.array([cells for _, cells in LINES])
KIND = np.array([min(kind, 2) for kind, _ in LINES])
THROUGH = [np.flatnonzero((cell == CELLS).any(axis=1)) for cell in range(42)]
COUNT = 3 * 6 + 8 + 2


def features(mine, theirs, begins):
    """Return (n, COUNT) what there is on boards: lines by kind and discs, threats by row, the middle.

    Args:
        mine: (n, 42) zeros and ones, row 0 at the top; the side whose worth is asked.
        theirs: the other's.
        begins: (n,) whether that side moved first in the episode.
    """
    own, other = mine[:, CELLS].sum(axis=2), theirs[:, CELLS].sum(axis=2)
    found = []
    for a, b in ((own, other), (other, own)):
        for kind in range(3):
            for discs in (1, 2, 3):
                found.append(((a == discs) & (b == 0) & (kind == KIND)).sum(axis=1))
        missing = np.where((mine + theirs)[:, CELLS] == 0, CELLS, 0).max(axis=2) // 7
        threat = (a == 3) & (b == 0)
        # Row 5 is the lowest: rows 5, 3 and 1 are the odd ones, which belong to who begins.
        odd = threat & (missing % 2 == 1)
        for cells in (odd, threat & ~odd):
            found.append(cells.any(axis=1) & begins)
            found.append(cells.any(axis=1) & ~begins)
    found += [side.reshape(-1, 6, 7)[:, :, 3].sum(axis=1) for side in (mine, theirs)]
    return np.stack(found, axis=1).astype(np.float64)


class Agent:
    lanes = 16

    def __init__(self, numbers=NUMBERS):
        self.numbers = np.array(numbers)

    def reset(self, start):
        self.rng = np.random.default_rng(start.seed)
        self.begins = start.seat == 0

    def act(self, observation):
        planes = observation["observation"].reshape(42, 2).astype(np.int64)
        return self.choose(planes[:, 0], planes[:, 1], self.begins)[0]

    def choose(self, mine, theirs, begins, noise=0.02):
        """Return the column and the worth of the position behind it for the side to move."""
        filled = (mine + theirs).reshape(6, 7).sum(axis=0)
        free = np.flatnonzero(filled < 6)
        cells = 7 * (5 - filled[free]) + free
        for side in (mine, theirs):
            for column, cell in zip(free, cells, strict=True):
                if (side[CELLS[THROUGH[cell]]].sum(axis=1) == 3).any():
                    return int(column), 1.0 if side is mine else None
        after = np.tile(mine, (len(free), 1))
        after[np.arange(len(free)), cells] = 1
        rows = features(after, np.tile(theirs, (len(free), 1)), np.full(len(free), begins))
        worth = np.tanh(rows @ self.numbers)
        # A disc that lets the other win on top of it is the last choice.
        for at, cell in enumerate(cells - 7):
            if cell >= 0 and (theirs[CELLS[THROUGH[cell]]].sum(axis=1) == 3).any():
                worth[at] -= 1
        best = int((worth + noise * self.rng.random(len(free))).argmax())
        return int(free[best]), float(worth[best])
