"""Pendulum by energy: swing until there is enough to stand upright, then balance; angle 0 is upright.

Source: Astrom & Furuta 2000, Automatica 36:287-295 (swinging up a pendulum by energy control).
"""

import math

import numpy as np

STRONGEST = 2.0
HOLD_WITHIN = 0.85  # cosine of the angle
STIFFNESS, DAMPING = 10.0, 2.5
GAIN = 2.0
WEIGHT, INERTIA = 5.0, 1.0 / 3.0  # m g l / 2 with m = l = 1, and m l^2 / 3


def agent(observation):
    upright, sine, speed = (float(number) for number in observation)
    if upright > HOLD_WITHIN:
        torque = -STIFFNESS * math.atan2(sine, upright) - DAMPING * speed
    else:
        lacking = WEIGHT * (1.0 - upright) - INERTIA * speed * speed / 2  # 0 at rest at the top
        torque = GAIN * math.copysign(lacking, lacking * speed)
    return np.array([min(max(torque, -STRONGEST), STRONGEST)], np.float32)


agent.lanes = 16
