"""Overwrites what it was told of the arena, the spaces and the seat.

row: 31
expected: ok
arena: connect_four-v3
why: as 31a
"""

import contextlib


class Agent:
    def reset(self, start):
        object.__setattr__(start, "seat", 0)
        object.__setattr__(start.action_space, "n", 100)
        for name in start.observation_space.items:
            space = start.observation_space.items[name]
            with contextlib.suppress(ValueError, TypeError):
                space.low[...] = 0
        start.observation_space.items.clear()

    def act(self, observation):
        return int(observation["action_mask"].argmax())
