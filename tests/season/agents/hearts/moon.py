"""Tries to take everything when its hand is strong enough, and gives up when somebody else takes a point.

Without such a hand it ducks. It looks at its hand once, when all cards have been passed.
"""

import numpy as np

HEARTS, SPADES, QUEEN = 2, 3, 43


class Agent:
    lanes = 16

    def reset(self, start):
        self.seat = start.seat
        self.shoots = None

    def act(self, observation):
        seen = observation["observation"] > 0.5
        legal = np.flatnonzero(observation["action_mask"])
        hand = np.flatnonzero(seen[160:212])
        if not seen[0] and not seen[108:160].any():
            # Keeps its longest suit and all high cards if there are many of them, else passes the worst on.
            strong = self.strength(hand) >= 5
            return int(legal.min() if strong else max(legal, key=self.danger))
        if self.shoots is None:
            self.shoots = self.strength(hand) >= 6
        taken = seen[212:356].reshape(4, 36).sum(axis=1) - 10
        self.shoots = self.shoots and not np.delete(taken, self.seat).any()
        cards = np.argwhere(seen[356:].reshape(13, 7, 52))[:, 2]
        trick = cards[len(cards) - len(cards) % 4 :]
        return int(self.take(legal, trick) if self.shoots else self.duck(legal, trick))

    @staticmethod
    def strength(hand):
        """Return the number of sure tricks: unbroken runs from the ace, and long suits behind them."""
        sure = 0.0
        for suit in range(4):
            ranks = sorted((card // 4 for card in hand if card % 4 == suit), reverse=True)
            top = sum(rank == 12 - at for at, rank in enumerate(ranks))
            sure += top + (max(0, len(ranks) - 4) if top >= 2 else 0)
        return sure

    @staticmethod
    def danger(card):
        return card // 4 + 5 * (card % 4 == HEARTS) + (20 if card % 4 == SPADES and card >= QUEEN else 0)

    @staticmethod
    def take(legal, trick):
        """Take the trick as cheaply as the last seat can, else as surely as it goes."""
        if not len(trick):
            return legal.max()
        if legal[0] % 4 != trick[0] % 4:
            losers = legal[legal % 4 != HEARTS]
            return losers.min() if len(losers) else legal.min()
        above = legal[legal > trick[trick % 4 == trick[0] % 4].max()]
        if not len(above):
            return legal.min()
        return above.min() if len(trick) == 3 else above.max()

    def duck(self, legal, trick):
        if not len(trick):
            return min(legal, key=self.danger)
        if legal[0] % 4 != trick[0] % 4:
            return max(legal, key=self.danger)
        below = legal[legal < trick[trick % 4 == trick[0] % 4].max()]
        return below.max() if len(below) else legal.min()
