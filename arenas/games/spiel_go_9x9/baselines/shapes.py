"""Go by shapes: captures, escapes, cuts liberties, keeps its eyes, passes when nothing is left to do.

The board is a list of 81 numbers, point = 9 * row + column, row 0 at the bottom: 1 for the own stones, -1 for
the other side's, 0 for an empty point.
"""

import random

import numpy as np

SIZE = 9
POINTS = SIZE * SIZE
PASS = POINTS
KOMI = 7.5
BLACK, WHITE = 0, 1  # planes, and the seats that play them


def around(point, steps):
    row, column = divmod(point, SIZE)
    near = ((row + up, column + right) for up, right in steps)
    return [SIZE * r + c for r, c in near if 0 <= r < SIZE and 0 <= c < SIZE]


NEAR = [around(p, ((1, 0), (-1, 0), (0, 1), (0, -1))) for p in range(POINTS)]
CORNERS = [around(p, ((1, 1), (1, -1), (-1, 1), (-1, -1))) for p in range(POINTS)]
# Worth of a point by its distance from the edge: the third line first, the edge last.
FROM_EDGE = [min(p // SIZE, 8 - p // SIZE, p % SIZE, 8 - p % SIZE) for p in range(POINTS)]
LINE_WORTH = (-1.0, 0.1, 0.8, 0.9, 1.0)


def group_at(board, start):
    """Return the stones joined to a stone and the empty points they touch."""
    side, stones, free, open_ = board[start], {start}, set(), [start]
    while open_:
        for point in NEAR[open_.pop()]:
            if board[point] == 0:
                free.add(point)
            elif board[point] == side and point not in stones:
                stones.add(point)
                open_.append(point)
    return stones, free


def is_eye(board, point):
    """Say whether an empty point is an eye of ours that the other side cannot take."""
    if any(board[near] != 1 for near in NEAR[point]):
        return False
    hostile = sum(board[corner] == -1 for corner in CORNERS[point])
    return hostile == 0 or (hostile == 1 and len(CORNERS[point]) == 4)


def owned(board):
    """Return for each point 1, -1 or 0: whose stone is there, or whose stones alone surround it."""
    owners = list(board)
    seen = set()
    for start in range(POINTS):
        if board[start] or start in seen:
            continue
        region, open_, sides = {start}, [start], set()
        while open_:
            for near in NEAR[open_.pop()]:
                if board[near]:
                    sides.add(board[near])
                elif near not in region:
                    region.add(near)
                    open_.append(near)
        seen |= region
        if len(sides) == 1:
            side = sides.pop()
            for point in region:
                owners[point] = side
    return owners


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)
        self.is_black = start.seat == 0
        self.stones_before = 0

    def act(self, observation):
        planes = observation["observation"]
        own, other = (BLACK, WHITE) if self.is_black else (WHITE, BLACK)
        board = (planes[own] - planes[other]).astype(int).ravel().tolist()
        owners = owned(board)
        lead = sum(owners) + (-KOMI if self.is_black else KOMI)
        stones = sum(map(abs, board))
        # The other side passed if no stone came since our own move: with a lead, so do we, and it is over.
        if stones and stones == self.stones_before and lead > 0:
            return PASS
        # Passing behind would only lose the count, so then any stone that is not thrown away is better.
        best, choice = (0.0 if lead > 0 else -0.9), PASS
        for point in np.flatnonzero(observation["action_mask"][:POINTS]).tolist():
            worth = self.judge(board, owners, point) + self.rng.random() * 0.2
            if worth > best:
                best, choice = worth, point
        self.stones_before = stones + 1
        if choice != PASS:
            taken = sum(len(g) for g, free in self.groups_near(board, choice, -1) if free == {choice})
            self.stones_before -= taken
        return choice

    def groups_near(self, board, point, side):
        """Return the groups of a side that touch a point, each once."""
        found = []
        for near in NEAR[point]:
            if board[near] == side and all(near not in stones for stones, _ in found):
                found.append(group_at(board, near))
        return found

    def judge(self, board, owners, point):
        """Return the worth of a stone on an empty point; 0 or less is not worth playing."""
        if is_eye(board, point):
            return -1.0
        theirs, ours = self.groups_near(board, point, -1), self.groups_near(board, point, 1)
        taken = [stones for stones, free in theirs if free == {point}]
        after = list(board)
        after[point] = 1
        for stones in taken:
            for stone in stones:
                after[stone] = 0
        joined, free = group_at(after, point)
        worth = sum(3.0 + 2.0 * len(stones) for stones in taken)
        if len(free) == 1 and not (taken and len(joined) == 1):
            return worth - 4.0 * len(joined)  # it would be taken at once
        for stones, liberties in ours:
            if len(liberties) == 1:
                worth += 2.0 * len(stones) if len(free) > 1 else 0.0
            elif len(liberties) == 2 and len(free) > 2:
                worth += 0.5 * len(stones)
        for stones, liberties in theirs:
            if len(liberties) == 2:
                worth += 1.0 + 0.5 * len(stones)
            elif len(liberties) == 3:
                worth += 0.6
        if owners[point]:
            return worth - 0.5  # inside a territory only a fight is worth a stone
        reach = sum(board[corner] == 1 for corner in CORNERS[point])
        return worth + LINE_WORTH[FROM_EDGE[point]] + 0.3 * reach + 0.21
