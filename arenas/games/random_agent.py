"""Draws a legal action uniformly, whatever the arena."""

import numpy as np


class Agent:
    """Follows the action mask where the arena gives one, else samples the action space."""

    lanes = 16

    def reset(self, start):  # type: ignore[no-untyped-def]  # agents are plain Python, without our types
        """Keep the action space and seed the generator for this episode."""
        self.space = start.action_space
        self.rng = np.random.default_rng((start.seed, start.seat))

    def act(self, observation):  # type: ignore[no-untyped-def]
        """Return one legal action."""
        if isinstance(observation, dict) and "action_mask" in observation:
            return int(self.rng.choice(np.flatnonzero(observation["action_mask"])))
        return self.space.sample(self.rng)
