"""Monte Carlo tree search with 50 random playouts a move (UCT)."""

import math
import random

import numpy as np

PLAYOUTS = 50
EXPLORE = 1.0
BOTTOM = sum(1 << 7 * column for column in range(7))
FULL = 0b111111 * BOTTOM
COLUMN = [0b111111 << 7 * column for column in range(7)]


def bits(plane):
    """Return the discs of a plane (row 0 at the top) as bits: 7 * column + height."""
    return sum(1 << (7 * int(column) + 5 - int(row)) for row, column in np.argwhere(plane))


def has_four(discs):
    for shift in (1, 6, 7, 8):
        pairs = discs & (discs >> shift)
        if pairs & (pairs >> 2 * shift):
            return True
    return False


def drops(both):
    """Return the disc of each legal move."""
    free = (both + BOTTOM) & FULL & ~both
    return [free & column for column in COLUMN if free & column]


class Node:
    __slots__ = ("children", "left", "total", "visits")

    def __init__(self, both):
        self.left = drops(both)
        self.children = {}
        self.visits = 0
        self.total = 0.0

    def choice(self):
        """Return the disc of the child with the best upper bound."""
        log = math.log(self.visits)
        return max(
            self.children,
            key=lambda disc: (
                -self.children[disc].total / self.children[disc].visits
                + EXPLORE * math.sqrt(log / self.children[disc].visits)
            ),
        )


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        mine, theirs = (bits(observation["observation"][..., plane]) for plane in (0, 1))
        root = Node(mine | theirs)
        self.rng.shuffle(root.left)
        for _ in range(PLAYOUTS):
            self.grow(root, mine, theirs)
        disc = max(root.children, key=lambda disc: root.children[disc].visits)
        return (disc.bit_length() - 1) // 7

    def grow(self, node, mine, theirs):
        """Add one playout below a node; return its result for the side to move: 1, 0 or -1."""
        node.visits += 1
        if has_four(theirs):
            result = -1.0
        elif node.left:
            disc = node.left.pop()
            child = node.children[disc] = Node(mine | theirs | disc)
            self.rng.shuffle(child.left)
            child.visits = 1
            result = -self.play_out(theirs, mine | disc)
            child.total -= result
        elif not node.children:
            result = 0.0
        else:
            disc = node.choice()
            result = -self.grow(node.children[disc], theirs, mine | disc)
        node.total += result
        return result

    def play_out(self, mine, theirs):
        """Return the result of random play for the side to move."""
        sign = 1.0
        while True:
            if has_four(theirs):
                return -sign
            free = drops(mine | theirs)
            if not free:
                return 0.0
            mine, theirs = theirs, mine | self.rng.choice(free)
            sign = -sign
