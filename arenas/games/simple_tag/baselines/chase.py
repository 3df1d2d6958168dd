"""Tag for both roles: predators cut the prey off, the prey keeps away from predators and edges."""

import numpy as np

STEERING = np.array([[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]], dtype=float)
SECONDS, DAMPING = 0.1, 0.25
OBSTACLE = 0.2


def glide(velocity, push, top_speed, turns):
    """Return the positions after 1, 2, ... turns of each of the five actions, relative to now."""
    here = np.zeros((5, 2))
    speed = np.repeat(velocity[None, :], 5, axis=0)
    path = []
    for _ in range(turns):
        here = here + speed * SECONDS
        speed = speed * (1 - DAMPING) + push * STEERING * SECONDS
        length = np.linalg.norm(speed, axis=1, keepdims=True)
        speed = np.where(length > top_speed, speed / np.maximum(length, 1e-9) * top_speed, speed)
        path.append(here)
    return np.array(path)


def bumps(path, obstacles, radius):
    """Return how deep each action would run into an obstacle, 0 for not at all."""
    gaps = np.linalg.norm(path[:, :, None, :] - obstacles[None, None], axis=3) - OBSTACLE - radius
    return np.maximum(-gaps.min(axis=(0, 2)), 0.0)


class Agent:
    lanes = 16

    def reset(self, start):
        self.is_prey = start.role == "prey"
        self.flank = (-0.25, 0.0, 0.25, 0.0)[start.seat]  # the three predators come from three sides

    def act(self, observation):
        seen = np.asarray(observation, dtype=float)
        velocity, position, obstacles = seen[0:2], seen[2:4], seen[4:8].reshape(2, 2)
        others = seen[8:14].reshape(3, 2)
        if self.is_prey:
            return self.flee(velocity, position, obstacles, others)
        return self.chase(velocity, obstacles, others[2], seen[14:16])

    def chase(self, velocity, obstacles, prey, prey_velocity):
        path = glide(velocity, 3.0, 1.0, turns=4)
        distance = np.linalg.norm(prey)
        sideways = np.array([-prey[1], prey[0]]) * self.flank
        goal = prey + prey_velocity * min(distance, 0.6) + sideways * min(distance, 1.0)
        cost = np.linalg.norm(goal - path[-1], axis=1) + 4.0 * bumps(path, obstacles, 0.075)
        return int(cost.argmin())

    def flee(self, velocity, position, obstacles, hunters):
        path = glide(velocity, 4.0, 1.3, turns=5)
        gaps = np.linalg.norm(path[:, :, None, :] - hunters[None, None], axis=3)
        nearest = np.minimum(gaps.min(axis=(0, 2)), 0.8)
        crowd = (1.0 / np.maximum(gaps[-1], 0.1)).sum(axis=1)
        edge = np.maximum(np.abs(position + path[-1]) - 0.85, 0.0).sum(axis=1)
        cost = -2.0 * nearest + 0.1 * crowd + 6.0 * edge + 4.0 * bumps(path, obstacles, 0.05)
        return int(cost.argmin())
