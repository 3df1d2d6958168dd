"""Connect four by a trained value network, run by onnxruntime, behind a search of three moves.

A position is two rows of 42 zeros and ones, cell = 7 * row + column with row 0 at the top: the discs of
the side to move, and the other side's. All functions take many positions at once, one a row.
`train.py` of this arena trained the network, `export_onnx.py` wrote `model.onnx`.
"""

from pathlib import Path

import numpy as np
import onnxruntime

DEPTH = 3  # moves looked ahead, beyond wins that are there at once
FADE = 0.99  # what a result is worth one move later; makes it win soon and lose late


def find_lines():
    """Return float32 (42, 69): which cells each of the 69 lines of four goes through."""
    lines = []
    for row in range(6):
        for column in range(7):
            for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
                if row + 3 * down < 6 and 0 <= column + 3 * right < 7:
                    line = np.zeros(42, dtype=np.float32)
                    line[[7 * (row + i * down) + column + i * right for i in range(4)]] = 1
                    lines.append(line)
    return np.array(lines).T.copy()


LINES = find_lines()


def threats(own, other):
    """Return bool (positions, 42): the empty cells where a disc of `own` would make four."""
    lines = ((own @ LINES == 3) & (other @ LINES == 0)).astype(np.float32)
    return (lines @ LINES.T > 0) & (own + other == 0)


def heights(own, other):
    """Return int (positions, 7): how many discs lie in each column."""
    return (own + other).reshape(-1, 6, 7).sum(axis=1).astype(np.int64)


def landing(own, other):
    """Return (cells, legal), both (positions, 7): where a disc in each column comes to lie."""
    high = heights(own, other)
    return np.maximum(5 - high, 0) * 7 + np.arange(7), high < 6


def features(own, other, own_threats, other_threats):
    """Return float32 (positions, 168): discs and threats of both sides."""
    return np.concatenate((own, other, own_threats, other_threats), axis=1, dtype=np.float32)


def worth_of_moves(own, other, evaluate, depth):
    """Return float32 (positions, 7): the worth of each column for the side to move, -2 where full."""
    cells, legal = landing(own, other)
    wins = np.take_along_axis(threats(own, other), cells, axis=1) & legal
    worth = np.where(wins, np.float32(1), np.float32(-2))
    which, column = np.nonzero(legal & ~wins)
    after = own[which]
    after[np.arange(len(which)), cells[which, column]] = 1
    worth[which, column] = -FADE * worth_of_positions(other[which], after, evaluate, depth - 1)
    return worth


def worth_of_positions(own, other, evaluate, depth):
    """Return float32 (positions,): the worth for the side to move, searched `depth` moves deep."""
    mine = threats(own, other)
    cells, legal = landing(own, other)
    wins = (np.take_along_axis(mine, cells, axis=1) & legal).any(axis=1)
    worth = wins.astype(np.float32)
    open_ = np.flatnonzero(~wins & legal.any(axis=1))
    if not len(open_):
        return worth
    own, other = own[open_], other[open_]
    if depth > 0:
        worth[open_] = worth_of_moves(own, other, evaluate, depth).max(axis=1)
    else:
        worth[open_] = evaluate(features(own, other, mine[open_], threats(other, own)))
    return worth


def open_model(path):
    """Return the inference session, on one thread: more would only wait for each other here."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


class Agent:
    lanes = 16

    def __init__(self):
        self.session = open_model(str(Path(__file__).parent / "model.onnx"))

    def reset(self, start):
        self.rng = np.random.default_rng(start.seed)

    def act(self, observation):
        board = observation["observation"].astype(np.float32)
        own, other = board[..., 0].reshape(1, 42), board[..., 1].reshape(1, 42)
        worth = worth_of_moves(own, other, self.evaluate, DEPTH)[0]
        good = np.flatnonzero(worth >= worth.max() - 0.02)  # nearly equal moves, so games differ
        return int(self.rng.choice(good))

    def evaluate(self, rows):
        """Return float32 (positions,): the network's worth for the side to move, -1 to 1."""
        return self.session.run(["worth"], {"rows": rows})[0][:, 0]
