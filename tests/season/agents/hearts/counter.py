"""Counts cards: plays what takes the fewest points by the odds of who holds what is still out.

A card takes the trick unless somebody has a higher one of its suit; what others add is a heart's worth for
each who has run out of the suit, and the queen where she may be thrown.
"""

import numpy as np

HEARTS, SPADES, QUEEN = 2, 3, 43


class Agent:
    lanes = 16

    def reset(self, start):
        self.seat = start.seat

    def act(self, observation):
        seen = observation["observation"] > 0.5
        legal = [int(card) for card in np.flatnonzero(observation["action_mask"])]
        hand = set(np.flatnonzero(seen[160:212]).tolist())
        if not seen[0] and not seen[108:160].any():
            return max(legal, key=lambda card: self.burden(card, hand))
        found = np.argwhere(seen[356:].reshape(13, 7, 52)).tolist()
        plays = [(place % 4, card) for _, place, card in found]
        gone = {card for _, card in plays}
        self.out = [card for card in range(52) if card not in gone and card not in hand]
        self.void = {
            (seat, plays[at - at % 4][1] % 4)
            for at, (seat, card) in enumerate(plays)
            if card % 4 != plays[at - at % 4][1] % 4
        }
        trick = plays[len(plays) - len(plays) % 4 :]
        led = trick[0][1] % 4 if trick else None
        if led is not None and legal[0] % 4 != led:
            return max(legal, key=lambda card: self.burden(card, hand))
        return min(legal, key=lambda card: (self.cost(card, trick), -card))

    def burden(self, card, hand):
        """Return how gladly one is rid of a card: by the lower cards that are still out of its suit."""
        suit, own = card % 4, sum(other % 4 == card % 4 for other in hand)
        if card == QUEEN:
            return 40 if own < 5 else 15
        if suit == SPADES:
            return 20 + card // 4 if card > QUEEN and own < 5 else 0
        lower = sum(other % 4 == suit and other < card for other in hand)
        return (card // 4) * (1.6 if suit == HEARTS else 1.0) - 2.0 * lower

    def cost(self, card, trick):
        """Return the points that are to be expected from playing this card to the trick."""
        suit = card % 4
        best = max((other for _, other in trick if other % 4 == suit), default=-1)
        if card < best:
            return -0.01 * (card // 4)
        lying = sum(1 if other % 4 == HEARTS else 13 * (other == QUEEN) for _, other in trick)
        lying += 1 if suit == HEARTS else 13 * (card == QUEEN)
        later = [(self.seat + step) % 4 for step in range(1, 4 - len(trick))]
        higher = [other for other in self.out if other % 4 == suit and other > card]
        same = [other for other in self.out if other % 4 == suit]
        takes, added = 1.0, 0.0
        for seat in later:
            if (seat, suit) in self.void:
                added += 1.0 + (4.0 if QUEEN in self.out else 0.0)
                continue
            # Whoever can go below mostly does, so a higher card helps only where no lower one is left.
            share = len(higher) / len(same) if same else 0.0
            takes *= 1.0 - 0.8 * share
            if not same:
                added += 1.5
            elif len(same) < 6:
                added += 0.3 * (6 - len(same))
            if suit == SPADES and QUEEN in self.out:
                added += 4.0 if card > QUEEN else 0.0
        if not trick and suit == SPADES and QUEEN in self.out and card < QUEEN:
            added -= 1.0
        return takes * (lying + added) - (0.02 * (card // 4) if len(trick) == 3 and not lying else 0.0)
