"""Guards the mouth where the puck will come, and strikes when the puck is slow on its own half."""

from math import atan2, hypot, pi

import numpy as np

LINE = 1.2  # how far before its mouth it waits
SLOW = 4.0  # a puck slower than this is struck
CORNER = 0.75  # where in the other's mouth it aims
LENGTHS = {18: 5.0, 26: 6.5}  # half of the table, by how many numbers are seen
WIDTHS = {18: 2.4, 26: 3.2}  # half of the width that the puck's middle has
REACH = 0.5  # between the centres of puck and mallet when they touch
SPEED = 5.0


class Agent:
    lanes = 16

    def __init__(self):
        self.has_choices = False

    def reset(self, start):
        self.has_choices = start.action_space.kind == "discrete"

    def act(self, observation):
        x, y = wanted(observation.tolist())
        if self.has_choices:
            return 0 if hypot(x, y) < 0.3 else 1 + round(atan2(y, x) * 4 / pi) % 8
        return np.array([x, y], np.float32).clip(-1, 1)


def wanted(s):
    """Return the wanted velocity along and across the table, in units of the mallet's greatest speed."""
    length, width = LENGTHS[len(s)], WIDTHS[len(s)]
    x, y = s[0], s[1]
    puck_x, puck_y, along, across = s[-10:-6]
    line = LINE - length
    if len(s) == 26 and is_mates(s[4:6], x, y, puck_x, puck_y):
        return towards(x, y, 0.5 - length, max(-0.9, min(0.9, 0.4 * puck_y)))
    if puck_x < 0.15 and hypot(along, across) < SLOW:
        corner = -CORNER if s[-13] > 0 else CORNER
        return strike(x, y, puck_x + 0.1 * along, puck_y + 0.1 * across, length, corner)
    if along < -1.0 and puck_x > line:
        there = folded(puck_y + across * (puck_x - line) / -along, width)
        return towards(x, y, line, max(-1.3, min(1.3, there)))
    return towards(x, y, line, max(-0.6, min(0.6, 0.3 * puck_y)))


def strike(x, y, puck_x, puck_y, length, corner):
    """Return the velocity that drives the puck to a corner of the other's mouth."""
    way_x, way_y = length - puck_x, corner - puck_y
    far = hypot(way_x, way_y)
    way_x, way_y = way_x / far, way_y / far
    behind = (puck_x - x) * way_x + (puck_y - y) * way_y
    aside = (puck_x - x) * -way_y + (puck_y - y) * way_x
    if behind > 0.2 and abs(aside) < 0.25:
        return way_x, way_y + aside
    if behind < 0.2 and abs(aside) < REACH + 0.1:
        # In front of the puck: go round it, not through it into the own mouth.
        return towards(x, y, puck_x - 0.9, y + (-0.8 if aside > 0 else 0.8))
    return towards(x, y, puck_x - way_x * (REACH + 0.25), puck_y - way_y * (REACH + 0.25))


def folded(y, width):
    """Return where a puck that would be at y is, when the cushions throw it back."""
    y = (y + width) % (4 * width)
    return y - width if y < 2 * width else 3 * width - y


def is_mates(mate, x, y, puck_x, puck_y):
    """Say whether the puck is the mate's to play: the nearer one's."""
    return hypot(mate[0] - puck_x, mate[1] - puck_y) < hypot(x - puck_x, y - puck_y)


def towards(x, y, goal_x, goal_y):
    """Return the velocity that moves to a place and stops there."""
    return 6 * (goal_x - x) / SPEED, 6 * (goal_y - y) / SPEED
