"""Tree search with 400 playouts a move: the tree is kept between moves, and playouts take wins and block.

Bit 7 * column + row stands for a cell, row 0 at the bottom; the seventh bit of each column stays empty.
"""

import math
import random

import numpy as np

PLAYOUTS = 400
EXPLORE = 0.8
BOTTOM = sum(1 << 7 * column for column in range(7))
FULL = 0b111111 * BOTTOM
COLUMN = [0b111111 << 7 * column for column in range(7)]


def bits(plane):
    """Return the discs of a plane (row 0 at the top) as bits."""
    return sum(1 << (7 * int(column) + 5 - int(row)) for row, column in np.argwhere(plane))


def winning_cells(discs):
    """Return the cells, empty or not, where one more disc makes four."""
    found = (discs << 1) & (discs << 2) & (discs << 3)
    for shift in (6, 7, 8):
        two = (discs << shift) & (discs << 2 * shift)
        found |= two & ((discs << 3 * shift) | (discs >> shift))
        two = (discs >> shift) & (discs >> 2 * shift)
        found |= two & ((discs << shift) | (discs >> 3 * shift))
    return found


def sensible(mine, theirs):
    """Return the moves worth a thought: a win if there is one, else a block, else all; as separate bits."""
    both = mine | theirs
    free = (both + BOTTOM) & FULL & ~both
    free = (winning_cells(mine) & free) or (winning_cells(theirs) & free) or free
    return [free & column for column in COLUMN if free & column]


class Node:
    """A position; `total` is its worth for the side that moved into it."""

    __slots__ = ("children", "mine", "theirs", "total", "visits")

    def __init__(self, mine, theirs):
        self.mine, self.theirs = mine, theirs
        self.children = None
        self.visits = 0
        self.total = 0.0

    def open(self):
        self.children = {
            disc: Node(self.theirs, self.mine | disc) for disc in sensible(self.mine, self.theirs)
        }

    def choice(self, rng):
        """Return the move with the best upper bound; unseen ones first."""
        unseen = [disc for disc, child in self.children.items() if not child.visits]
        if unseen:
            return rng.choice(unseen)
        log = math.log(self.visits)
        return max(
            self.children,
            key=lambda disc: (
                self.children[disc].total / self.children[disc].visits
                + EXPLORE * math.sqrt(log / self.children[disc].visits)
            ),
        )


class Agent:
    def reset(self, start):
        self.rng = random.Random(start.seed)
        self.root = None

    def act(self, observation):
        mine, theirs = (bits(observation["observation"][..., plane]) for plane in (0, 1))
        self.root = self.known(mine, theirs) or Node(mine, theirs)
        while self.root.visits < PLAYOUTS:
            self.grow(self.root)
        children = self.root.children
        disc = max(children, key=lambda disc: children[disc].visits)
        self.root = children[disc]
        return (disc.bit_length() - 1) // 7

    def known(self, mine, theirs):
        """Return the node of this position if the last search has seen it."""
        children = (self.root and self.root.children) or {}
        return next(
            (child for child in children.values() if (child.mine, child.theirs) == (mine, theirs)), None
        )

    def grow(self, node):
        """Add one playout; return its result for the side to move."""
        node.visits += 1
        both = node.mine | node.theirs
        if winning_cells(node.mine) & (both + BOTTOM) & FULL & ~both:
            result = 1.0
            if node.children is None:
                node.open()
        elif both == FULL:
            result = 0.0
        elif node.children is None:
            node.open()
            result = self.play_out(node.mine, node.theirs)
        else:
            result = -self.grow(node.children[node.choice(self.rng)])
        node.total -= result
        return result

    def play_out(self, mine, theirs):
        """Return the result for the side to move of a game in which both see wins and blocks."""
        sign = 1.0
        while True:
            both = mine | theirs
            free = (both + BOTTOM) & FULL & ~both
            if not free:
                return 0.0
            if winning_cells(mine) & free:
                return sign
            mine, theirs = theirs, mine | self.rng.choice(sensible(mine, theirs))
            sign = -sign
