"""Stands firm under the package with one leg forward; seldom falls, hardly moves."""

import numpy as np

HIPS, KNEES = (0.97, -0.14), (0.33, 0.55)


def agent(observation):
    s = observation.tolist()
    head = 0.3 * s[0] + 1.0 * s[1]  # keeps the hull level
    action = []
    for leg in (0, 1):
        hip_angle, hip_speed, knee_angle, knee_speed = s[4 + 5 * leg : 8 + 5 * leg]
        action.append(3.5 * (HIPS[leg] - hip_angle) - 0.3 * hip_speed + head)
        action.append(2.25 * (KNEES[leg] - knee_angle) - 0.7 * knee_speed)
    return np.clip(np.array(action, dtype=np.float32), -1.0, 1.0)


agent.lanes = 16
