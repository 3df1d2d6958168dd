"""Plays every legal card in a dozen random deals to the end, all seats at random, and counts its points.

It looks at nothing but its hand and what has been played: no rule of thumb, nobody is short of anything.
"""

import random

import numpy as np

DEALS = 12
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
            return max(legal, key=lambda card: (COST[card], card))
        if len(legal) == 1:
            return legal[0]
        hand = np.flatnonzero(seen[160:212]).tolist()
        found = np.argwhere(seen[356:].reshape(13, 7, 52)).tolist()
        plays = [(place % 4, card) for _, place, card in found]
        gone = {card for _, card in plays}
        hidden = [card for card in range(52) if card not in gone and card not in hand]
        left = [13 - sum(seat == other for other, _ in plays) for seat in range(4)]
        trick = plays[len(plays) - len(plays) % 4 :]
        totals = dict.fromkeys(legal, 0)
        for _ in range(DEALS):
            self.rng.shuffle(hidden)
            hands, at = [], 0
            for seat in range(4):
                count = 0 if seat == self.seat else left[seat]
                hands.append(hidden[at : at + count])
                at += count
            hands[self.seat] = hand
            for card in legal:
                totals[card] += self.play_out([list(held) for held in hands], list(trick), card)
        return min(totals, key=totals.get)

    def play_out(self, hands, trick, card):
        """Return the points that this seat takes from now on when it plays this card first."""
        points, seat, choice = 0, self.seat, self.rng.choice
        while True:
            hands[seat].remove(card)
            trick.append((seat, card))
            seat = (seat + 1) % 4
            if len(trick) == 4:
                led = trick[0][1] % 4
                _, seat = max((card, who) for who, card in trick if card % 4 == led)
                if seat == self.seat:
                    points += sum(COST[card] for _, card in trick)
                trick = []
                if not hands[seat]:
                    return points
            suited = [card for card in hands[seat] if trick and card % 4 == trick[0][1] % 4]
            card = choice(suited or hands[seat])
