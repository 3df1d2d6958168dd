"""Counts what the other side threw after each pair of throws, and beats what is most likely to come."""

import random

THROWS, NONE = 3, 3
FADING = 0.9  # of every count at each throw, so that a change of mind is noticed


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)
        self.counts = {}
        self.pair = None  # own last throw and theirs
        self.own = None

    def act(self, observation):
        theirs = int(observation)
        if theirs != NONE:
            if self.pair is not None:
                counts = self.counts.setdefault(self.pair, [0.0] * THROWS)
                counts[:] = [FADING * count for count in counts]
                counts[theirs] += 1.0
            self.pair = (self.own, theirs)
        counts = self.counts.setdefault(self.pair, [0.0] * THROWS)
        most = max(counts)
        likely = self.rng.choice([throw for throw in range(THROWS) if counts[throw] == most])
        self.own = (likely + 1) % 3
        return self.own
