"""Balances the pole with one weighted sum; the weights are set by hand."""

LEFT, RIGHT = 0, 1


def agent(observation):
    position, speed, angle, spin = (float(v) for v in observation)
    return RIGHT if 0.02 * position + 0.1 * speed + 1.0 * angle + 0.5 * spin > 0 else LEFT


agent.lanes = 16
