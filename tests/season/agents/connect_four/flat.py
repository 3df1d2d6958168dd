"""Flat Monte Carlo: every column gets 16 games of random play, all of them side by side as arrays."""

import numpy as np

GAMES = 16
LINES = np.zeros((69, 42), np.float32)
_cells = [
    [7 * (row + n * down) + column + n * right for n in range(4)]
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1))
    for row in range(6)
    for column in range(7)
    if row + 3 * down < 6 and 0 <= column + 3 * right < 7
]
for _line, _four in zip(LINES, _cells, strict=True):
    _line[_four] = 1
LINES = LINES.T.copy()


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = np.random.default_rng(start.seed)

    def act(self, observation):
        planes = observation["observation"].reshape(42, 2).astype(np.float32)
        legal = np.flatnonzero(observation["action_mask"])
        first = np.repeat(legal, GAMES)
        results = self.play_out(np.tile(planes.T[:, None], (1, len(first), 1)), first)
        return int(legal[results.reshape(len(legal), GAMES).mean(axis=1).argmax()])

    def play_out(self, discs, column):
        """Return (n,) results of games that begin with these columns: 1 won, 0 drawn, -1 lost.

        Args:
            discs: float32 (2, n, 42), ours and theirs; changed.
            column: (n,) the first moves.
        """
        n = len(column)
        rows, results, is_over = np.arange(n), np.zeros(n), np.zeros(n, bool)
        side = 0
        while not is_over.all():
            height = discs.sum(axis=0).reshape(n, 6, 7).sum(axis=1).astype(np.int64)
            cell = 7 * np.maximum(5 - height[rows, column], 0) + column
            discs[side, rows, cell] = 1
            won = (discs[side] @ LINES == 4).any(axis=1) & ~is_over
            results[won] = 1 - 2 * side
            is_over |= won
            free = discs.sum(axis=0)[:, :7] == 0
            is_over |= ~free.any(axis=1)
            column = np.where(free, self.rng.random((n, 7)), -1).argmax(axis=1)
            side = 1 - side
        return results
