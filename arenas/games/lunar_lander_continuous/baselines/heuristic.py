"""Lands by two proportional rules; after `heuristic` in gymnasium/envs/box2d/lunar_lander.py."""

import numpy as np


def agent(observation):
    x, y, speed_x, speed_y, angle, spin, left_leg, right_leg = (float(v) for v in observation)
    wanted_angle = min(max(0.5 * x + 1.0 * speed_x, -0.4), 0.4)  # point the nose towards the pad
    wanted_height = 0.55 * abs(x)  # come down along a funnel
    turn = 0.5 * (wanted_angle - angle) - 1.0 * spin
    lift = 0.5 * (wanted_height - y) - 0.5 * speed_y
    if left_leg or right_leg:  # on the ground only the fall needs braking
        turn, lift = 0.0, -0.5 * speed_y
    return np.clip([20.0 * lift - 1.0, -20.0 * turn], -1, 1).astype(np.float32)


agent.lanes = 16
