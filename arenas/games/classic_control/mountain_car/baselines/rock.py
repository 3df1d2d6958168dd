"""Mountain car by rocking: a push with the motion adds energy in every turn, whichever way the car rolls."""

LEFT, RIGHT = 0, 2


def agent(observation):
    _, speed = observation
    return RIGHT if speed >= 0 else LEFT


agent.lanes = 16
