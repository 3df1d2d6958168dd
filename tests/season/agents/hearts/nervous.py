"""Ducks like others, but loses its nerve: about once in thirty episodes it raises an exception."""

import random

import numpy as np

HEARTS, QUEEN = 2, 43


class Agent:
    def reset(self, start):
        self.rng = random.Random(start.seed)
        self.flees_at = self.rng.randrange(10) if self.rng.random() < 1 / 30 else -1
        self.turn = -1

    def act(self, observation):
        self.turn += 1
        if self.turn == self.flees_at:
            raise RuntimeError("I cannot bear this hand")
        seen = observation["observation"] > 0.5
        legal = [int(card) for card in np.flatnonzero(observation["action_mask"])]
        if not seen[0] and not seen[108:160].any():
            return max(legal)
        cards = np.argwhere(seen[356:].reshape(13, 7, 52))[:, 2].tolist()
        trick = cards[len(cards) - len(cards) % 4 :]
        if not trick:
            return min(legal)
        if legal[0] % 4 != trick[0] % 4:
            return max(legal, key=lambda card: (card == QUEEN, card % 4 == HEARTS, card))
        below = [card for card in legal if card < max(c for c in trick if c % 4 == trick[0] % 4)]
        return max(below) if below else min(legal, key=lambda card: (card == QUEEN, card))
