"""Six moves ahead with alpha-beta and a table of positions; counts cells where a disc would make four.

Bit 7 * column + row stands for a cell, row 0 at the bottom; the seventh bit of each column stays empty.
"""

import random

import numpy as np

ORDER = (3, 2, 4, 1, 5, 0, 6)
DEPTH = 6
BOTTOM = sum(1 << 7 * column for column in range(7))
FULL = 0b111111 * BOTTOM
COLUMN = [0b111111 << 7 * column for column in range(7)]


def bits(plane):
    """Return the discs of a plane (row 0 at the top) as bits."""
    return sum(1 << (7 * int(column) + 5 - int(row)) for row, column in np.argwhere(plane))


def winning_cells(discs, empty):
    """Return the empty cells where one more disc makes four.

    Source: P. Pons, "Solving Connect 4", part 9 (computing winning positions).
    """
    found = (discs << 1) & (discs << 2) & (discs << 3)
    for shift in (6, 7, 8):
        two = (discs << shift) & (discs << 2 * shift)
        found |= two & (discs << 3 * shift)
        found |= two & (discs >> shift)
        two = (discs >> shift) & (discs >> 2 * shift)
        found |= two & (discs << shift)
        found |= two & (discs >> 3 * shift)
    return found & empty


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        mine, theirs = (bits(observation["observation"][..., plane]) for plane in (0, 1))
        both = mine | theirs
        wins = winning_cells(mine, FULL & ~both)
        self.table = {}
        scored = []
        for column in ORDER:
            disc = (both + BOTTOM) & ~both & COLUMN[column]
            if disc:
                worth = 1e4 if disc & wins else -self.search(theirs, mine | disc, DEPTH - 1, -1e9, 1e9)
                scored.append((worth + self.rng.random() / 2, column))
        return max(scored)[1]

    def search(self, mine, theirs, depth, alpha, beta):
        both = mine | theirs
        empty = FULL & ~both
        drops = (both + BOTTOM) & empty
        if not drops:
            return 0
        if winning_cells(mine, empty) & drops:
            return 1000 + depth
        forced = winning_cells(theirs, empty) & drops
        if forced:
            drops = forced
        if not depth:
            own, other = winning_cells(mine, empty), winning_cells(theirs, empty)
            return 4 * (own.bit_count() - other.bit_count()) + (mine & COLUMN[3]).bit_count()
        key = (mine, theirs)
        if key in self.table:
            return self.table[key]
        before = alpha
        for column in ORDER:
            disc = drops & COLUMN[column]
            if disc:
                alpha = max(alpha, -self.search(theirs, mine | disc, depth - 1, -beta, -alpha))
                if alpha >= beta:
                    return alpha
        if alpha > before:
            self.table[key] = alpha
        return alpha
