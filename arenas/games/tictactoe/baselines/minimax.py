"""Perfect tic-tac-toe: searches the whole game and draws among equally good moves."""

import random
from functools import cache

LINES = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6))


@cache
def value(board):
    """Return the outcome for the side to move (marks 1), larger the sooner it wins; marks -1 moved last."""
    free = [cell for cell in range(9) if board[cell] == 0]
    if any(all(board[cell] == -1 for cell in line) for line in LINES):
        return -(1 + len(free))
    if not free:
        return 0
    return max(-value(after(board, cell)) for cell in free)


def after(board, cell):
    """Return the board after a mark on this cell, seen by the other side."""
    return tuple(-(1 if i == cell else mark) for i, mark in enumerate(board))


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        mine, theirs = observation["observation"][..., 0].ravel(), observation["observation"][..., 1].ravel()
        board = tuple(int(a) - int(b) for a, b in zip(mine, theirs, strict=True))
        values = {cell: -value(after(board, cell)) for cell in range(9) if observation["action_mask"][cell]}
        best = max(values.values())
        return self.rng.choice([cell for cell, worth in values.items() if worth == best])
