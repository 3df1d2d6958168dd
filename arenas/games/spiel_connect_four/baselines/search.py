"""Connect four by alpha-beta search on bitboards, five moves deep.

Bit 7 * column + row stands for a cell, row 0 at the bottom; the seventh bit of each column stays empty, so
shifted boards never run from one column into the next.
Source: J. Tromp's Fhourstones for the layout of the bits.
"""

import random

import numpy as np

COLUMNS, HEIGHT = 7, 7
DEPTH = 5
WON = 1000.0
THEIRS, MINE = 0, 1  # planes of the observation
ORDER = (3, 2, 4, 1, 5, 0, 6)
BOTTOM = [1 << HEIGHT * column for column in range(COLUMNS)]
TOP = [1 << HEIGHT * column + 5 for column in range(COLUMNS)]
BITS = np.array([[1 << HEIGHT * column + row for column in range(COLUMNS)] for row in range(6)], object)
LINES = [
    sum(1 << HEIGHT * (column + n * right) + row + n * up for n in range(4))
    for right, up in ((1, 0), (0, 1), (1, 1), (1, -1))
    for column in range(COLUMNS)
    for row in range(6)
    if column + 3 * right < COLUMNS and 0 <= row + 3 * up < 6
]
WORTH = (0.0, 0.1, 0.5, 3.0, WON)


def has_four(discs):
    """Say whether these discs hold four in a row."""
    for shift in (1, HEIGHT - 1, HEIGHT, HEIGHT + 1):
        pairs = discs & (discs >> shift)
        if pairs & (pairs >> 2 * shift):
            return True
    return False


def judge(mine, theirs):
    """Return the worth of the lines that only one side can still fill."""
    worth = 0.0
    for line in LINES:
        own, other = mine & line, theirs & line
        if own and not other:
            worth += WORTH[own.bit_count()]
        elif other and not own:
            worth -= WORTH[other.bit_count()]
    return worth


def search(mine, theirs, depth, alpha, beta):
    """Return the worth of a position for the side to move, whose discs are `mine`."""
    both = mine | theirs
    free = [column for column in ORDER if not both & TOP[column]]
    if not free:
        return 0.0
    if not depth:
        return judge(mine, theirs)
    for column in free:
        disc = (both + BOTTOM[column]) & ~both
        if has_four(mine | disc):
            return WON + depth  # the sooner, the better
    for column in free:
        disc = (both + BOTTOM[column]) & ~both
        alpha = max(alpha, -search(theirs, mine | disc, depth - 1, -beta, -alpha))
        if alpha >= beta:
            break
    return alpha


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        planes = observation["observation"]
        mine, theirs = (int(BITS[planes[plane] > 0].sum()) for plane in (MINE, THEIRS))
        both = mine | theirs
        values = {}
        for column in ORDER:
            if observation["action_mask"][column]:
                disc = (both + BOTTOM[column]) & ~both
                own = mine | disc
                values[column] = 2 * WON if has_four(own) else -search(theirs, own, DEPTH - 1, -1e9, 1e9)
        best = max(values.values())
        return self.rng.choice([column for column, worth in values.items() if worth > best - 0.3])
