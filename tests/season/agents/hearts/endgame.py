"""Ducks until three cards are left, then works out the end in a few deals: everybody for itself (max-n).

Source: Luckhardt & Irani 1986, AAAI, "An algorithmic solution of n-person games".
"""

import random

import numpy as np

DEALS = 8
ENDS_AT = 3
HEARTS, QUEEN = 2, 43
COST = [13 if card == QUEEN else int(card % 4 == HEARTS) for card in range(52)]


class Agent:
    def reset(self, start):
        self.seat = start.seat
        self.rng = random.Random(start.seed)

    def act(self, observation):
        seen = observation["observation"] > 0.5
        legal = [int(card) for card in np.flatnonzero(observation["action_mask"])]
        if not seen[0] and not seen[108:160].any():
            return max(legal, key=lambda card: (card == QUEEN, card // 4))
        if len(legal) == 1:
            return legal[0]
        found = np.argwhere(seen[356:].reshape(13, 7, 52)).tolist()
        plays = [(place % 4, card) for _, place, card in found]
        trick = plays[len(plays) - len(plays) % 4 :]
        hand = np.flatnonzero(seen[160:212]).tolist()
        if len(hand) <= ENDS_AT:
            return self.solve(hand, legal, plays, trick)
        if not trick:
            return min(legal, key=lambda card: card + 60 * (card == QUEEN))
        led = trick[0][1] % 4
        if legal[0] % 4 != led:
            return max(legal, key=lambda card: (card == QUEEN, card % 4 == HEARTS, card))
        below = [card for card in legal if card < max(c for _, c in trick if c % 4 == led)]
        return max(below) if below else min(legal, key=lambda card: (card == QUEEN, card))

    def solve(self, hand, legal, plays, trick):
        """Return the card with the fewest points on average, in deals that fit what was shown."""
        gone = {card for _, card in plays} | set(hand)
        hidden = [card for card in range(52) if card not in gone]
        left = [13 - sum(seat == other for other, _ in plays) for seat in range(4)]
        void = {
            (seat, plays[at - at % 4][1] % 4)
            for at, (seat, card) in enumerate(plays)
            if card % 4 != plays[at - at % 4][1] % 4
        }
        totals = dict.fromkeys(legal, 0.0)
        for _ in range(DEALS):
            hands = self.deal(hidden, left, void)
            hands[self.seat] = tuple(hand)
            for card in legal:
                totals[card] += self.after(tuple(hands), tuple(trick), self.seat, card)[self.seat]
        return min(totals, key=totals.get)

    def deal(self, hidden, left, void):
        """Return hands of a random deal; of some tries the one that breaks the fewest voids."""
        best, least = None, None
        for _ in range(8):
            self.rng.shuffle(hidden)
            hands, at = [], 0
            for seat in range(4):
                count = 0 if seat == self.seat else left[seat]
                hands.append(tuple(hidden[at : at + count]))
                at += count
            broken = sum((seat, card % 4) in void for seat in range(4) for card in hands[seat])
            if least is None or broken < least:
                best, least = hands, broken
            if not broken:
                break
        return best

    def after(self, hands, trick, seat, card):
        """Return the points that each seat takes from now on when this card is played."""
        hands = tuple(
            tuple(c for c in held if c != card) if who == seat else held for who, held in enumerate(hands)
        )
        trick = (*trick, (seat, card))
        if len(trick) < 4:
            return self.best(hands, trick, (seat + 1) % 4)
        led = trick[0][1] % 4
        _, winner = max((c, who) for who, c in trick if c % 4 == led)
        points = [0, 0, 0, 0] if not any(hands) else list(self.best(hands, (), winner))
        points[winner] += sum(COST[c] for _, c in trick)
        return points

    def best(self, hands, trick, seat):
        """Return the points of each seat when this one plays what is best for itself."""
        suited = [card for card in hands[seat] if trick and card % 4 == trick[0][1] % 4]
        options = suited or hands[seat]
        return min(
            (self.after(hands, trick, seat, card) for card in options), key=lambda points: points[seat]
        )
