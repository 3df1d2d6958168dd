"""Two moves ahead; likes discs near the middle and nothing else, so only wins and losses guide it beyond."""

import random

import numpy as np

CELL_WORTH = (3, 4, 5, 7, 5, 4, 3)


def winner(board, row, column, side):
    """Say whether the disc on this cell completes four."""
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        length = 1
        for sign in (1, -1):
            r, c = row + sign * down, column + sign * right
            while 0 <= r < 6 and 0 <= c < 7 and board[r][c] == side:
                length += 1
                r, c = r + sign * down, c + sign * right
        if length >= 4:
            return True
    return False


def moves(board):
    """Return (row, column) of every legal move."""
    found = []
    for column in range(7):
        for row in range(5, -1, -1):
            if not board[row][column]:
                found.append((row, column))
                break
    return found


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        planes = observation["observation"].astype(np.int64)
        board = (planes[..., 0] - planes[..., 1]).tolist()
        scored = [(self.worth(board, move, 1, 2) + self.rng.random(), move) for move in moves(board)]
        return max(scored)[1][1]

    def worth(self, board, move, side, depth):
        """Return the worth of a move for the side that makes it."""
        row, column = move
        board[row][column] = side
        try:
            if winner(board, row, column, side):
                return 1000 + depth
            if depth == 0:
                return side * sum(
                    disc * worth for line in board for disc, worth in zip(line, CELL_WORTH, strict=True)
                )
            return -max((self.worth(board, reply, -side, depth - 1) for reply in moves(board)), default=0)
        finally:
            board[row][column] = 0
