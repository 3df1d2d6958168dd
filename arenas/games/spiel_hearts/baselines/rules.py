"""Hearts by rules of thumb: duck, win only what is free, and throw the worst cards on the tricks of others.

A card is 4 * rank + suit: rank 0 is the two, 12 the ace; suits are clubs, diamonds, hearts, spades.
"""

import numpy as np

CLUBS, DIAMONDS, HEARTS, SPADES = range(4)
QUEEN = 4 * 10 + SPADES
# Where the sections of the observation begin.
RECEIVED, HAND, POINTS, TRICKS = 108, 160, 212, 356


def suit(card):
    return card % 4


def rank(card):
    return card // 4


def plays(seen):
    """Return (seat, card) of every play so far, in order."""
    found = np.argwhere(seen[TRICKS:].reshape(13, 7, 52))
    return [(int(column) % 4, int(card)) for _, column, card in found]


class Agent:
    lanes = 16

    def act(self, observation):
        seen = observation["observation"] > 0.5
        legal = [int(card) for card in np.flatnonzero(observation["action_mask"])]
        hand = [int(card) for card in np.flatnonzero(seen[HAND:POINTS])]
        if not seen[0] and not seen[RECEIVED:HAND].any():
            return max(legal, key=lambda card: self.danger(card, hand))
        history = plays(seen)
        self.queen_is_out = QUEEN not in hand and all(card != QUEEN for _, card in history)
        trick = history[len(history) - len(history) % 4 :]
        if not trick:
            return min(legal, key=self.cost_of_lead)
        led = suit(trick[0][1])
        if suit(legal[0]) != led:
            return max(legal, key=self.worth_of_discard)
        return self.follow(legal, [card for _, card in trick], led)

    @staticmethod
    def danger(card, hand):
        """Return how much one wants to pass a card on: unguarded spades, high hearts, short suits."""
        length = sum(suit(other) == suit(card) for other in hand)
        if suit(card) == SPADES:
            return 40 + rank(card) - 8 * length if card >= QUEEN else -20
        return rank(card) * (1.5 if suit(card) == HEARTS else 1.0) - length

    def cost_of_lead(self, card):
        """Return how bad a lead is: high cards, and high spades while the queen may fall on them."""
        if card == QUEEN or (self.queen_is_out and suit(card) == SPADES and card > QUEEN):
            return 100 + rank(card)
        # Low spades bring the queen out of another hand.
        return rank(card) - (6 if self.queen_is_out and suit(card) == SPADES else 0)

    def worth_of_discard(self, card):
        if card == QUEEN:
            return 100
        if self.queen_is_out and suit(card) == SPADES and card > QUEEN:
            return 80 + rank(card)
        return rank(card) + (30 if suit(card) == HEARTS else 0)

    def follow(self, legal, trick, led):
        best = max(card for card in trick if suit(card) == led)
        below = [card for card in legal if card < best]
        if below:
            return QUEEN if QUEEN in below else max(below)
        safe = [card for card in legal if card != QUEEN] or legal
        costs = any(suit(card) == HEARTS or card == QUEEN for card in trick)
        if len(trick) == 3 and not costs:
            return max(safe)  # the trick costs nothing: get rid of a high card
        return min(safe)
