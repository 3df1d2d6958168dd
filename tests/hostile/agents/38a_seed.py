"""Looks for the environment's seed in all it was told, in its heap and in its frames, and guesses it.

row: 38
expected: ok
arena: connect_four-v3
why: the seed never comes into the jail; what it prints is searched for the seed
"""

import gc
import random
import sys

import numpy as np


class Agent:
    def reset(self, start):
        self.said = False
        print("start", [getattr(start, name) for name in start.__dataclass_fields__ if name != "seed"])
        self.known = {start.seed}

    def act(self, observation):
        if not self.said:
            self.said = True
            found = {each for each in gc.get_objects() if type(each) is int}
            frame = sys._getframe()
            while frame:
                found |= {each for each in frame.f_locals.values() if type(each) is int}
                frame = frame.f_back
            for held in gc.get_objects():
                if type(held) is dict:
                    found |= {each for each in list(held.values()) if type(each) is int}
            found |= {random.getrandbits(31), int(np.random.get_state()[1][0])}
            print("numbers", sorted(each for each in found if 2**24 < each < 2**31)[:400])
        return int(observation["action_mask"].argmax())
