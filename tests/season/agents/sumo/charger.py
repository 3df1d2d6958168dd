"""Charger: straight at the other with all it has, and never a look at the edge."""

from math import atan2


def agent(observation):
    x, y = observation[6:8].tolist()
    angle = atan2(y, x)
    return [1.0, max(-1.0, min(1.0, 4 * angle)), 1.0 if abs(angle) < 0.5 else -1.0]


agent.lanes = 16
