"""Acrobot by pumping: the joint is turned against the swing of the upper link, always with full force."""

LEFT, RIGHT = 0, 2
UPPER_SPEED = 4  # place in the observation


def agent(observation):
    return LEFT if observation[UPPER_SPEED] > 0 else RIGHT


agent.lanes = 16
