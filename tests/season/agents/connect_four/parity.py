"""Plays for the end: who begins wants threats in odd rows, who follows in even ones (zugzwang).

Wins and blocks at once, never plays below a threat of the other, and judges a position by which threats
of the right parity would remain when the columns fill up.
Source: V. Allis 1988, "A knowledge-based approach of connect-four", section 3.
"""

import random

import numpy as np

LINES = [
    tuple((row + n * up, column + n * right) for n in range(4))
    for up, right in ((0, 1), (1, 0), (1, 1), (1, -1))
    for row in range(6)
    for column in range(7)
    if row + 3 * up < 6 and 0 <= column + 3 * right < 7
]


def threats(board, side):
    """Return the empty cells where this side would complete four; row 0 is the bottom."""
    found = set()
    for line in LINES:
        values = [board[cell] for cell in line]
        if values.count(side) == 3 and 0 in values:
            found.add(line[values.index(0)])
    return found


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)
        self.begins = start.seat == 0

    def act(self, observation):
        planes = observation["observation"][::-1].astype(np.int64)
        board = {
            (row, column): int(planes[row, column, 0] - planes[row, column, 1])
            for row in range(6)
            for column in range(7)
        }
        height = [sum(board[row, column] != 0 for row in range(6)) for column in range(7)]
        free = [column for column in range(7) if height[column] < 6]
        for side in (1, -1):
            for row, column in threats(board, side):
                if height[column] == row:
                    return column
        theirs = threats(board, -1)
        safe = [column for column in free if (height[column] + 1, column) not in theirs]
        return max(safe or free, key=lambda column: self.worth(board, height[column], column))

    def worth(self, board, row, column):
        """Return the worth of a move by the threats that stand after it."""
        board[row, column] = 1
        mine, theirs = threats(board, 1), threats(board, -1)
        worth = sum(self.weight(cell, self.begins) for cell in mine)
        worth -= sum(self.weight(cell, not self.begins) for cell in theirs)
        for line in LINES:
            values = [board[cell] for cell in line]
            if -1 not in values and values.count(1) == 2:
                worth += 0.3
        board[row, column] = 0
        return worth + 0.2 * (3 - abs(column - 3)) + self.rng.random() / 10

    @staticmethod
    def weight(cell, begins):
        """Return what a threat is worth: rows are counted from 0, so an even index is an odd row."""
        row, _ = cell
        good = (row % 2 == 0) == begins
        return (6.0 if good else 2.0) - 0.4 * row
