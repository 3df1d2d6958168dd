"""Builds a tower: stays in one column, drawn anew each episode, until it is blocked or full."""

import random


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)
        self.column = self.rng.randrange(7)

    def act(self, observation):
        theirs = observation["observation"][:, self.column, 1]
        discs = theirs + observation["observation"][:, self.column, 0]
        top = int(6 - discs.sum())
        is_full = not observation["action_mask"][self.column]
        if is_full or (top < 6 and theirs[top]) or top + self.run(observation) < 4:
            free = [column for column in range(7) if observation["action_mask"][column]]
            self.column = self.rng.choice(free)
        return self.column

    def run(self, observation):
        """Return how many own discs lie on top of each other at the top of the column."""
        length = 0
        for disc in observation["observation"][:, self.column, 0]:
            if disc:
                length += 1
            elif length:
                break
        return length
