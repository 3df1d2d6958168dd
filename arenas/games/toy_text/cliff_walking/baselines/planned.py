"""Cliff Walking by looking ahead: the reward to come from every square with so many turns left."""

import numpy as np

ROWS, COLUMNS = 4, 12
START, GOAL = 36, 47
TURNS = 200
STEPS = ((-1, 0), (0, 1), (1, 0), (0, -1))  # up, right, down, left
SLIDES = {"CliffWalking-v1": (0,), "CliffWalkingSlippery-v1": (-1, 0, 1)}
PLANS = {}


def plan(slides):
    """Return the best action by turns left and square: (turns + 1, 48)."""
    ends = np.array([[outcome(square, step) for step in STEPS] for square in range(ROWS * COLUMNS)])
    worth, actions = np.zeros(ROWS * COLUMNS), [np.zeros(ROWS * COLUMNS, int)]
    for _ in range(TURNS):
        single = ends[:, :, 1] + worth[ends[:, :, 0]]  # (squares, steps)
        # On ice a step goes where it was meant to go, or to either side of it, a third each.
        mixed = np.mean([np.roll(single, -turn, axis=1) for turn in slides], axis=0)
        actions.append(mixed.argmax(axis=1))
        worth = mixed.max(axis=1)
        worth[GOAL] = 0.0
    return actions


def outcome(square, step):
    """Return the square after a step, and its reward."""
    row, column = divmod(square, COLUMNS)
    row, column = min(max(row + step[0], 0), ROWS - 1), min(max(column + step[1], 0), COLUMNS - 1)
    if row == ROWS - 1 and 0 < column < COLUMNS - 1:
        return START, -100
    return COLUMNS * row + column, -1


class Agent:
    lanes = 16

    def reset(self, start):
        if start.arena not in PLANS:
            PLANS[start.arena] = plan(SLIDES[start.arena])
        self.actions = PLANS[start.arena]
        self.left = TURNS

    def act(self, observation):
        action = self.actions[max(self.left, 0)][int(observation)]
        self.left -= 1
        return int(action)
