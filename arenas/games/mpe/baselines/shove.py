"""Keep away for both roles: the agent goes to its landmark, the adversary gets in its way."""

import numpy as np

PUSH = np.array([[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]], dtype=float)


def steer(goal, velocity, strength=0.5):
    """Return the action after which gliding on would end nearest to the goal."""
    speeds = 0.75 * velocity + strength * PUSH
    return int(np.linalg.norm(goal - 0.1 * velocity - 0.4 * speeds, axis=1).argmin())


class Agent:
    lanes = 16

    def act(self, observation):
        seen = np.asarray(observation, dtype=float)
        velocity = seen[:2]
        if len(seen) > 8:
            return steer(seen[2:4], velocity)
        landmarks, agent = seen[2:6].reshape(2, 2), seen[6:8]
        goal = landmarks[np.linalg.norm(landmarks - agent, axis=1).argmin()]
        return steer(goal, velocity)
