"""Knights and archers: turn to the zombie that is most dangerous, strike when it is before one."""

import numpy as np

FORWARD, LEFT, RIGHT, STRIKE, WAIT = 0, 2, 3, 4, 5
ZOMBIES = slice(-10, None)
WIDTH, HEIGHT = 1280, 720
ZOMBIE_SPEED, ARROW_SPEED = 5.0, 45.0


class Agent:
    lanes = 16

    def reset(self, start):
        self.is_archer = start.role == "archer"
        self.is_first = start.seat % 2 == 0

    def act(self, observation):
        seen = np.asarray(observation, dtype=float)
        heading, height = seen[0, 3:5], seen[0, 2] * HEIGHT
        zombies = seen[ZOMBIES]
        zombies = zombies[zombies[:, 0] > 0][:, 1:3] * (WIDTH, HEIGHT)
        if not len(zombies):
            return WAIT
        if self.is_archer:
            return self.shoot(heading, zombies)
        return self.strike(heading, height, zombies)

    def shoot(self, heading, zombies):
        lead = np.linalg.norm(zombies, axis=1) / ARROW_SPEED * ZOMBIE_SPEED
        aims = zombies + np.stack([np.zeros(len(lead)), lead], axis=1)
        # The lowest is the most urgent; the two archers look after a half each where they can.
        side = zombies[:, 0] * (1 if self.is_first else -1)
        aim = aims[(zombies[:, 1] - 0.3 * np.maximum(side, 0)).argmax()]
        return self.turn_or(heading, aim, STRIKE, 0.09)

    def strike(self, heading, height, zombies):
        gaps = np.linalg.norm(zombies, axis=1)
        nearest = zombies[gaps.argmin()]
        if gaps.min() < 95:
            return self.turn_or(heading, nearest, STRIKE, 0.9)
        # Wait well below the next zombie, but near its column.
        goal = np.array([nearest[0], max(nearest[1] + 60.0, 0.0)])
        if abs(nearest[0]) < 40:
            return self.turn_or(heading, nearest, WAIT, 0.5)
        return self.turn_or(heading, np.array([goal[0], min(goal[1], 620 - height)]), FORWARD, 0.3)

    def turn_or(self, heading, aim, action, slack):
        """Turn towards the aim until it lies within `slack` radians, then do the action."""
        across = heading[0] * aim[1] - heading[1] * aim[0]
        angle = np.arctan2(across, heading @ aim)
        if abs(angle) <= slack:
            return action
        return RIGHT if angle > 0 else LEFT
