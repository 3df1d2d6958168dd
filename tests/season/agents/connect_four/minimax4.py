"""Four moves ahead with alpha-beta on bitboards; counts pairs and threes that can still grow.

Bit 7 * column + row stands for a cell, row 0 at the bottom; the seventh bit of each column stays empty.
"""

import random

import numpy as np

ORDER = (3, 2, 4, 1, 5, 0, 6)
DEPTH = 4
FULL = sum(0b111111 << 7 * column for column in range(7))
SHIFTS = (1, 6, 7, 8)


def bits(plane):
    """Return the discs of a plane (row 0 at the top) as bits."""
    return sum(1 << (7 * int(column) + 5 - int(row)) for row, column in np.argwhere(plane))


def has_four(discs):
    for shift in SHIFTS:
        pairs = discs & (discs >> shift)
        if pairs & (pairs >> 2 * shift):
            return True
    return False


def growth(discs, empty):
    """Count pairs and threes in a row with an empty cell at an end; a three counts five."""
    count = 0
    for shift in SHIFTS:
        two = discs & (discs >> shift)
        three = two & (two >> shift)
        count += ((two >> shift) & empty).bit_count() + ((two << 2 * shift) & empty).bit_count()
        count += 5 * (((three >> shift) & empty).bit_count() + ((three << 3 * shift) & empty).bit_count())
    return count


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        mine, theirs = (bits(observation["observation"][..., plane]) for plane in (0, 1))
        scored = []
        for column, disc in self.drops(mine | theirs):
            after = mine | disc
            worth = 1e4 if has_four(after) else -self.search(theirs, after, DEPTH - 1, -1e9, 1e9)
            scored.append((worth + self.rng.random() / 2, column))
        return max(scored)[1]

    @staticmethod
    def drops(both):
        """Yield (column, disc) of each legal move, the middle first."""
        for column in ORDER:
            disc = (both + (1 << 7 * column)) & FULL & ~both & (0b111111 << 7 * column)
            if disc:
                yield column, disc

    def search(self, mine, theirs, depth, alpha, beta):
        both = mine | theirs
        drops = [disc for _, disc in self.drops(both)]
        if not drops:
            return 0
        if any(has_four(mine | disc) for disc in drops):
            return 1000 + depth
        if not depth:
            empty = FULL & ~both
            return growth(mine, empty) - growth(theirs, empty)
        for disc in drops:
            alpha = max(alpha, -self.search(theirs, mine | disc, depth - 1, -beta, -alpha))
            if alpha >= beta:
                break
        return alpha
