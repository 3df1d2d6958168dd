"""Chess one move deep: takes what is free, keeps its pieces safe, sees mate in one.

The board is a list of 64 numbers, square = 8 * rank + file, seen from the own side: own pieces are
1 to 6 (pawn, knight, bishop, rook, queen, king), the other side's are negative. It reads both arenas of
chess: PettingZoo's (chess-v6), planes last, and OpenSpiel's (spiel_chess-v1), planes first.
"""

import random

import numpy as np

WORTH = (0, 1.0, 3.0, 3.2, 5.0, 9.0, 50.0)
PAWN, KNIGHT, BISHOP, ROOK, QUEEN, KING = range(1, 7)
DIRECTIONS = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)]
JUMPS = [(x, y) for x in range(-2, 3) for y in range(-2, 3) if abs(x) + abs(y) == 3]
SPIEL_JUMPS = JUMPS[:4] + JUMPS[6:] + JUMPS[4:6]
STRAIGHT = [d for d in DIRECTIONS if 0 in d]
DIAGONAL = [d for d in DIRECTIONS if 0 not in d]
START = [4, 2, 3, 5, 6, 3, 2, 4] + [1] * 8 + [0] * 32 + [-1] * 8 + [-4, -2, -3, -5, -6, -3, -2, -4]


def reaches(start, steps, far):
    """Return the rays of squares that open from a square, nearest first."""
    file, rank = start % 8, start // 8
    rays = []
    for x, y in steps:
        ray = []
        for n in range(1, far + 1):
            f, r = file + n * x, rank + n * y
            if not (0 <= f < 8 and 0 <= r < 8):
                break
            ray.append(8 * r + f)
        if ray:
            rays.append(tuple(ray))
    return tuple(rays)


RAYS = {
    KNIGHT: [reaches(s, JUMPS, 1) for s in range(64)],
    BISHOP: [reaches(s, DIAGONAL, 7) for s in range(64)],
    ROOK: [reaches(s, STRAIGHT, 7) for s in range(64)],
    QUEEN: [reaches(s, DIRECTIONS, 7) for s in range(64)],
    KING: [reaches(s, DIRECTIONS, 1) for s in range(64)],
}
PAWN_BITES = {side: [reaches(s, [(-1, side), (1, side)], 1) for s in range(64)] for side in (1, -1)}


def read_board(planes):
    """Return the 64 squares from the observation's planes (row 0 is the far rank, planes 7 to 18)."""
    if not planes[:, :, 7:19].any():
        return list(START)  # the history is empty before the first move
    board = [0] * 64
    for row, file, plane in np.argwhere(planes[:, :, 7:19]).tolist():
        rank, piece = 7 - row, plane % 6 + 1
        if piece == PAWN and rank == 7 and plane >= 6:
            rank = 4  # the encoding puts a pawn that may be taken en passant on its back rank
        board[8 * rank + file] = piece if plane < 6 else -piece
    return board


def read_spiel_board(planes):
    """Return the 64 squares from OpenSpiel's planes 0 to 11, White's and Black's of each kind in turn.

    They are not turned for Black, but Black's actions are; so is the board here.
    """
    white = planes[14, 0, 0] > 0.5
    board = [0] * 64
    for plane, rank, file in np.argwhere(planes[:12]).tolist():
        piece = (KING, QUEEN, ROOK, BISHOP, KNIGHT, PAWN)[plane // 2]
        board[8 * (rank if white else 7 - rank) + file] = piece if (plane % 2 == 0) == white else -piece
    return board


def read_spiel_action(action):
    """Return (from, to, promoted piece or 0) of one of OpenSpiel's 4674 actions; the last two castle."""
    if action >= 4672:
        return 4, (2, 6)[action - 4672], 0
    square, plane = divmod(action, 73)
    file, rank = divmod(square, 8)
    promoted = 0
    if plane < 9:
        x, y, promoted = (0, 1, -1)[plane % 3], 1, (ROOK, BISHOP, KNIGHT)[plane // 3]
    elif plane < 65:
        way, far = divmod(plane - 9, 14)
        far = far - 7 if far < 7 else far - 6
        x, y = ((0, far), (far, 0), (far, far), (far, -far))[way]
    else:
        x, y = SPIEL_JUMPS[plane - 65]
    return 8 * rank + file, 8 * (rank + y) + file + x, promoted


def read_action(action):
    """Return (from, to, promoted piece or 0) of one of the 4672 actions."""
    square, plane = divmod(action, 73)
    file, rank = square // 8, square % 8
    promoted = 0
    if plane < 56:
        x, y = DIRECTIONS[plane % 8]
        x, y = x * (plane // 8 + 1), y * (plane // 8 + 1)
    elif plane < 64:
        x, y = JUMPS[plane - 56]
    else:
        x, y = (plane - 64) // 3 - 1, 1
        promoted = (KNIGHT, BISHOP, ROOK)[(plane - 64) % 3]
    return 8 * rank + file, 8 * (rank + y) + file + x, promoted


def play(board, start, end, promoted=0):
    """Return the board after a move of either side."""
    after = list(board)
    piece = after[start]
    if abs(piece) == PAWN and start % 8 != end % 8 and not board[end]:
        after[8 * (start // 8) + end % 8] = 0  # en passant
    if abs(piece) == PAWN and end // 8 in (0, 7):
        piece = (promoted or QUEEN) * (1 if piece > 0 else -1)
    if abs(piece) == KING and abs(start - end) == 2:  # castling moves the rook as well
        corner = start // 8 * 8 + (7 if end > start else 0)
        after[(start + end) // 2], after[corner] = after[corner], 0
    after[start], after[end] = 0, piece
    return after


def bites(board, side):
    """Return a list of (from, to) of all squares that pieces of a side attack, own pieces included."""
    found = []
    for start, piece in enumerate(board):
        if piece * side <= 0:
            continue
        kind = abs(piece)
        rays = PAWN_BITES[side][start] if kind == PAWN else RAYS[kind][start]
        for ray in rays:
            for end in ray:
                found.append((start, end))
                if board[end]:
                    break
    return found


def in_check(board, side):
    """Say whether the king of a side is attacked."""
    king = KING * side
    return any(board[end] == king for _, end in bites(board, -side))


def has_reply(board, side):
    """Say whether a side has any legal move."""
    moves = [(s, e) for s, e in bites(board, side) if board[e] * side <= 0]
    for start, end in moves:
        if abs(board[start]) == PAWN and not board[end]:
            continue
        if not in_check(play(board, start, end), side):
            return True
    for start, piece in enumerate(board):
        if piece != PAWN * side:
            continue
        end = start + 8 * side
        if 0 <= end < 64 and not board[end] and not in_check(play(board, start, end), side):
            return True
        far = end + 8 * side
        free = start // 8 == (1 if side > 0 else 6) and not board[end] and not board[far]
        if free and not in_check(play(board, start, far), side):
            return True
    return False


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)
        self.seen = {}

    def act(self, observation):
        planes = observation["observation"]
        is_spiel = planes.shape == (20, 8, 8)
        board = read_spiel_board(planes) if is_spiel else read_board(planes)
        move_of = read_spiel_action if is_spiel else read_action
        lead = sum((1 if p > 0 else -1) * WORTH[abs(p)] for p in board)
        best, choice = None, None
        for action in np.flatnonzero(observation["action_mask"]).tolist():
            after = play(board, *move_of(action))
            worth = self.judge(board, after, lead) + self.rng.random() * 0.05
            if best is None or worth > best:
                best, choice, chosen = worth, action, after
        self.seen[tuple(chosen)] = self.seen.get(tuple(chosen), 0) + 1
        return choice

    def judge(self, board, after, lead):
        """Return the worth of a move in pawns: what it wins, what it leaves hanging, what it opens."""
        mine, theirs = bites(after, 1), bites(after, -1)
        check = any(after[end] == -KING for _, end in mine)
        if (check or len(theirs) < 24) and not has_reply(after, -1):
            return 1000.0 if check else -lead  # mate, or stalemate
        material = sum((1 if p > 0 else -1) * WORTH[abs(p)] for p in after)
        guarded = {end for _, end in mine}
        loss = 0.0
        for start, end in theirs:
            if after[end] > 0 and after[end] != KING:
                price = WORTH[-after[start]] if end in guarded else 0.0
                loss = max(loss, WORTH[after[end]] - price)
        shyness = 3.0 * self.seen.get(tuple(after), 0) if lead > 0 else 0.0  # repeating would draw
        king = after.index(-KING)
        net = sum(1 for _, end in mine if max(abs(end % 8 - king % 8), abs(end // 8 - king // 8)) <= 1)
        pawns = sum(square // 8 for square, piece in enumerate(after) if piece == PAWN)
        reach = 0.02 * (len(mine) - len(theirs))
        return material - loss + reach + 0.05 * net + 0.04 * pawns + 0.1 * check - shyness
