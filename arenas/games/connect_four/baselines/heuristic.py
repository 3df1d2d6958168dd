"""Connect four by rules of thumb: win, block, do not hand over a win, prefer the centre."""

import random

ROWS, COLUMNS = 6, 7
DIRECTIONS = ((0, 1), (1, 0), (1, 1), (1, -1))


def landing_row(board, column):
    """Return the row a disc dropped in this column falls to (row 0 is the top), or -1 if it is full."""
    row = -1
    while row + 1 < ROWS and board[row + 1][column] == 0:
        row += 1
    return row


def completes_four(board, row, column, side):
    """Say whether a disc of this side on this cell makes four in a row."""
    for down, right in DIRECTIONS:
        length = 1
        for sign in (1, -1):
            r, c = row + sign * down, column + sign * right
            while 0 <= r < ROWS and 0 <= c < COLUMNS and board[r][c] == side:
                length += 1
                r, c = r + sign * down, c + sign * right
        if length >= 4:
            return True
    return False


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        mine, theirs = observation["observation"][..., 0], observation["observation"][..., 1]
        board = [[int(mine[r, c]) - int(theirs[r, c]) for c in range(COLUMNS)] for r in range(ROWS)]
        legal = [c for c in range(COLUMNS) if observation["action_mask"][c]]
        for side in (1, -1):  # first my own win, then the other's, which must be blocked
            for column in legal:
                if completes_four(board, landing_row(board, column), column, side):
                    return column
        safe = [c for c in legal if not self.hands_over_a_win(board, c)]
        choices = safe or legal
        # Drawing with centre weights keeps two games from being the same.
        return self.rng.choices(choices, weights=[4 - abs(c - 3) for c in choices])[0]

    def hands_over_a_win(self, board, column):
        row = landing_row(board, column)
        return row > 0 and completes_four(board, row - 1, column, -1)
