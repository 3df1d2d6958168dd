"""Secret message for all three roles: Alice adds the key to the bit, Bob takes it off, Eve guesses."""

import numpy as np


class Agent:
    lanes = 16

    def reset(self, start):
        self.role = start.role
        self.rng = np.random.default_rng(start.seed)

    def act(self, observation):
        first, second = np.asarray(observation)[:4], np.asarray(observation)[4:]
        if self.role == "eve":
            # Only letters A and B can be right, and the word alone says nothing.
            return int(self.rng.integers(2))
        if self.role == "alice":
            bit, key = int(first.argmax()), int(second.argmax())
            return bit ^ key
        key, word = int(first.argmax()), int(second.argmax())
        return (word ^ key) & 1
