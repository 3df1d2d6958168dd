"""Thinks of nothing but the queen of spades: chases her with low spades, gives her away, else plays low."""

import numpy as np

SPADES, QUEEN = 3, 43


class Agent:
    lanes = 16

    def act(self, observation):
        seen = observation["observation"] > 0.5
        legal = np.flatnonzero(observation["action_mask"])
        spades = legal[legal % 4 == SPADES]
        small, great = spades[spades < QUEEN], spades[spades > QUEEN]
        if not seen[0] and not seen[108:160].any():
            hers = spades[spades >= QUEEN]
            return int(hers[0] if len(hers) else self.highest(legal))
        cards = np.argwhere(seen[356:].reshape(13, 7, 52))[:, 2]
        trick = cards[len(cards) - len(cards) % 4 :]
        is_hunting = QUEEN not in cards and not seen[160:212][QUEEN]
        if not len(trick):
            return int(small.max() if is_hunting and len(small) else self.lowest(legal))
        follows = legal[0] % 4 == trick[0] % 4
        if QUEEN in legal and (not follows or trick[trick % 4 == SPADES].max() > QUEEN):
            return QUEEN
        if not follows:
            return int(great[0] if is_hunting and len(great) else legal.max())
        if is_hunting and len(small) and len(great):
            return int(small.max())
        return int(self.lowest(legal))

    @staticmethod
    def lowest(legal):
        """Return the lowest card that is not the queen, if there is one."""
        return min(legal, key=lambda card: (card == QUEEN, card))

    @staticmethod
    def highest(legal):
        """Return the highest card that is no spade, if there is one: spades guard against the queen."""
        return max(legal, key=lambda card: (card % 4 != SPADES, card))
