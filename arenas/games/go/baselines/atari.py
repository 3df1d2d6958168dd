"""Go by liberties: takes stones, saves its own, threatens others', keeps its eyes; else plays nearby.

Points are numbered as in the board's actions, size * row + column; the last action passes.
"""

import random

import numpy as np

THEIRS, OURS = 0, 1  # planes: who moved last stands first


def neighbours(size):
    """Return the points next to each point, and those diagonal to it."""
    straight, diagonal = [], []
    for row in range(size):
        for column in range(size):
            near = [(row + r, column + c) for r in (-1, 0, 1) for c in (-1, 0, 1) if r or c]
            near = [(r, c) for r, c in near if 0 <= r < size and 0 <= c < size]
            straight.append([size * r + c for r, c in near if r == row or c == column])
            diagonal.append([size * r + c for r, c in near if r != row and c != column])
    return straight, diagonal


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)
        self.near = None

    def act(self, observation):
        planes = observation["observation"]
        size = len(planes)
        if self.near is None:
            self.near, self.corners = neighbours(size)
        board = (planes[:, :, OURS].astype(int) - planes[:, :, THEIRS]).ravel().tolist()
        legal = set(np.flatnonzero(observation["action_mask"][:-1]).tolist())
        for move in self.urgent(board):
            if move in legal and not self.is_thrown_away(board, move):
                return move
        quiet = [p for p in legal if not self.is_eye(board, p) and not self.is_thrown_away(board, p)]
        if not quiet:
            return size * size
        # Beside stones there is something to win; at the very beginning there are none.
        beside = [p for p in quiet if any(board[n] for n in self.near[p] + self.corners[p])]
        inside = [p for p in beside or quiet if len(self.near[p]) == 4]
        return self.rng.choice(inside or beside or quiet)

    def urgent(self, board):
        """Return moves that take, save or threaten stones, those that matter most first."""
        worth = {}
        for side, stones, free in self.groups(board):
            if len(free) > 2:
                continue
            for point in free:
                gain = len(stones) * (1.0 if len(free) == 2 else 100.0 if side == -1 else 60.0)
                worth[point] = worth.get(point, 0.0) + gain
        return sorted(worth, key=lambda point: (-worth[point], self.rng.random()))

    def groups(self, board):
        """Return side, stones and liberties of every group."""
        found, seen = [], set()
        for start, side in enumerate(board):
            if not side or start in seen:
                continue
            stones, free = {start}, set()
            open_ = [start]
            for stone in open_:
                for point in self.near[stone]:
                    if not board[point]:
                        free.add(point)
                    elif board[point] == side and point not in stones:
                        stones.add(point)
                        open_.append(point)
            seen |= stones
            found.append((side, stones, free))
        self.liberties = {stone: free for _, stones, free in found for stone in stones}
        return found

    def is_thrown_away(self, board, point):
        """Say whether a stone here could be taken at once and takes nothing itself."""
        free = {near for near in self.near[point] if not board[near]}
        for near in self.near[point]:
            if board[near] == -1 and self.liberties[near] == {point}:
                return False
            if board[near] == 1:
                free |= self.liberties[near]
        return len(free - {point}) < 2

    def is_eye(self, board, point):
        if any(board[near] != 1 for near in self.near[point]):
            return False
        hostile = sum(board[corner] == -1 for corner in self.corners[point])
        return hostile < (2 if len(self.corners[point]) == 4 else 1)
