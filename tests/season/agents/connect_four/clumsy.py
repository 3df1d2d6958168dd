"""Wins, blocks, and trips: in about one episode of thirty it raises an exception at some move."""

import random

import numpy as np


def completes(board, row, column):
    """Say whether a disc of this side on this cell makes four."""
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        length = 1
        for sign in (1, -1):
            r, c = row + sign * down, column + sign * right
            while 0 <= r < 6 and 0 <= c < 7 and board[r, c]:
                length += 1
                r, c = r + sign * down, c + sign * right
        if length >= 4:
            return True
    return False


class Agent:
    def reset(self, start):
        self.rng = random.Random(start.seed)
        self.trips_at = self.rng.randrange(2, 12) if self.rng.random() < 1 / 30 else -1
        self.move = 0

    def act(self, observation):
        self.move += 1
        if self.move == self.trips_at:
            raise RuntimeError("tripped over its own feet")
        mine, theirs = (observation["observation"][..., plane] for plane in (0, 1))
        filled = (mine + theirs).sum(axis=0)
        free = [int(column) for column in np.flatnonzero(observation["action_mask"])]
        for board in (mine, theirs):
            for column in free:
                if completes(board, 5 - int(filled[column]), column):
                    return column
        return self.rng.choice(free)
