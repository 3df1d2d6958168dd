"""Frozen Lake by looking ahead: the chance to arrive from every square with so many turns left."""

import numpy as np

MAPS = {
    "FrozenLake-v1": ("SFFF", "FHFH", "FFFH", "HFFG"),
    "FrozenLake8x8-v1": (
        *("SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF"),
        *("FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"),
    ),
}
TURNS = {"FrozenLake-v1": 100, "FrozenLake8x8-v1": 200}
STEPS = ((0, -1), (1, 0), (0, 1), (-1, 0))  # left, down, right, up
PLANS = {}


def plan(arena):
    """Return the best action by turns left and square: (turns + 1, squares)."""
    rows = MAPS[arena]
    size, text = len(rows), "".join(rows)
    ends = [[square_after(size, square, step) for step in STEPS] for square in range(size * size)]
    # The ice takes a step where it was meant to go, or to either side of it, a third each.
    slides = np.array([[[to[a - 1], to[a], to[(a + 1) % 4]] for a in range(4)] for to in ends])
    goal = np.array([glyph == "G" for glyph in text], float)
    walkable = np.array([glyph in "SF" for glyph in text])
    chance, actions = goal, [np.zeros(size * size, int)]
    for _ in range(TURNS[arena]):
        worth = chance[slides].mean(axis=2)  # (squares, actions)
        actions.append(worth.argmax(axis=1))
        chance = np.where(walkable, worth.max(axis=1), goal)
    return actions


def square_after(size, square, step):
    row, column = divmod(square, size)
    row, column = row + step[0], column + step[1]
    return size * row + column if 0 <= row < size and 0 <= column < size else square


class Agent:
    lanes = 16

    def reset(self, start):
        if start.arena not in PLANS:
            PLANS[start.arena] = plan(start.arena)
        self.actions = PLANS[start.arena]
        self.left = TURNS[start.arena]

    def act(self, observation):
        action = self.actions[max(self.left, 0)][int(observation)]
        self.left -= 1
        return int(action)
