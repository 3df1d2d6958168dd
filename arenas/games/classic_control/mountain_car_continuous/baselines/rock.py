"""Mountain car by rocking gently: the cost grows with the square of the force, the way up does not."""

import numpy as np

FORCE = 0.5  # found by trying: less does not arrive from every start, more costs more


def agent(observation):
    _, speed = observation
    return np.array([FORCE if speed >= 0 else -FORCE], np.float32)


agent.lanes = 16
