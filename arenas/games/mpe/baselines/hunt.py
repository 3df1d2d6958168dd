"""Hunt in the woods for all roles: hunters cut off the nearest prey, prey eats or flees."""

import numpy as np

PUSH = np.array([[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]], dtype=float)
DANGER = 0.7


def glide(velocity, strength, top_speed, turns):
    """Return the positions after 1, 2, ... turns of each of the five actions, relative to now."""
    here, speed, path = np.zeros((5, 2)), np.repeat(velocity[None], 5, axis=0), []
    for _ in range(turns):
        here = here + 0.1 * speed
        speed = 0.75 * speed + strength * PUSH
        length = np.linalg.norm(speed, axis=1, keepdims=True)
        speed = np.where(length > top_speed, speed / np.maximum(length, 1e-9) * top_speed, speed)
        path.append(here)
    return np.array(path)


def bumps(path, rock, radius):
    """Return how deep each action would run into the rock."""
    return np.maximum(0.2 + radius - np.linalg.norm(path - rock, axis=2), 0.0).max(axis=0)


class Agent:
    lanes = 16

    def reset(self, start):
        self.role, self.seat = start.role, start.seat

    def act(self, observation):
        seen = np.asarray(observation, dtype=float)
        velocity, position, rock = seen[0:2], seen[2:4], seen[4:6]
        food, others = seen[6:10].reshape(2, 2), seen[14:24].reshape(5, 2)
        if self.role == "prey":
            hunters = others[:4][np.abs(others[:4]).sum(axis=1) > 0]
            return self.flee(velocity, position, rock, food, hunters)
        prey, speeds = others[3:], seen[24:28].reshape(2, 2)
        shown = np.abs(prey).sum(axis=1) > 0
        return self.chase(velocity, position, rock, prey[shown], speeds[shown])

    def chase(self, velocity, position, rock, prey, speeds):
        path = glide(velocity, 0.3, 1.0, 4)
        if not len(prey):
            goal = -position / 2
        else:
            gaps = np.linalg.norm(prey, axis=1)
            nearest = int(gaps.argmin())
            side = np.array([-prey[nearest][1], prey[nearest][0]]) * (self.seat - 1.5) / 6
            goal = prey[nearest] + (speeds[nearest] + side) * min(gaps[nearest], 0.6)
        return int((np.linalg.norm(goal - path[-1], axis=1) + 4.0 * bumps(path, rock, 0.075)).argmin())

    def flee(self, velocity, position, rock, food, hunters):
        path = glide(velocity, 0.4, 1.3, 5)
        edge = np.maximum(np.abs(position + path[-1]) - 0.8, 0.0).sum(axis=1)
        cost = 8.0 * edge + 4.0 * bumps(path, rock, 0.045)
        cost = cost + 0.6 * np.linalg.norm(food[:, None] - path[-1][None], axis=2).min(axis=0)
        if len(hunters):
            gaps = np.linalg.norm(path[:, :, None] - hunters[None, None], axis=3).min(axis=(0, 2))
            cost = cost + 3.0 * np.maximum(DANGER - gaps, 0.0)
        return int(cost.argmin())
