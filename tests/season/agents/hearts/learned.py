"""Weighs each legal card by learned numbers: a few facts of the card and the trick, added up.

`python -m tests.season.training hearts` found them (cross-entropy method, among ducks and discards).
"""

import numpy as np

HEARTS, SPADES, QUEEN = 2, 3, 43
CARDS = np.arange(52)
SUIT, RANK = CARDS % 4, CARDS // 4
FACTS = 8
START = (
    *(1.0, 1.0, 3.0, 2.0, -1.0, 0.0, 0.0, 0.0),  # which card to pass
    *(-2.0, 0.0, -3.0, -2.0, 0.0, 0.0, 0.0, 0.0),  # to lead
    *(1.0, 0.0, 1.0, 0.0, 0.0, -4.0, 0.0, 1.0),  # to follow with
    *(1.0, 1.0, 4.0, 1.0, 0.0, 0.0, 0.0, 0.0),  # to throw away
)
"""Where the search began: by hand."""
NUMBERS = (
    *(2.023, 0.028, 2.389, 2.210, -2.200, 1.012, 0.543, 0.429),  # which card to pass
    *(-1.676, 0.003, -3.967, -2.540, -1.021, -0.537, 0.336, 0.213),  # to lead
    *(0.561, -0.767, 0.149, -0.780, 0.316, -4.255, -2.533, 0.729),  # to follow with
    *(1.046, 0.389, 3.998, 2.174, -1.232, 0.203, -0.370, -0.054),  # to throw away
)


class Agent:
    lanes = 16

    def __init__(self, numbers=None):
        self.numbers = np.reshape(NUMBERS if numbers is None else numbers, (4, FACTS))

    def act(self, observation):
        seen = observation["observation"] > 0.5
        legal = np.flatnonzero(observation["action_mask"])
        hand = seen[160:212]
        cards = np.argwhere(seen[356:].reshape(13, 7, 52))[:, 2]
        trick = cards[len(cards) - len(cards) % 4 :]
        if not seen[0] and not seen[108:160].any():
            kind = 0
        elif not len(trick):
            kind = 1
        else:
            kind = 2 if legal[0] % 4 == trick[0] % 4 else 3
        facts = self.facts(legal, hand, cards, trick)
        return int(legal[(facts @ self.numbers[kind]).argmax()])

    @staticmethod
    def facts(legal, hand, cards, trick):
        """Return (cards, FACTS): rank, heart, queen, over the queen, length, takes, cost, last."""
        rank = RANK[legal] / 6 - 1
        queen_is_out = QUEEN not in cards and not hand[QUEEN]
        length = np.bincount(SUIT[hand], minlength=4)[SUIT[legal]] / 4
        best = max((card for card in trick if card % 4 == trick[0] % 4), default=99)
        cost = sum(13 if card == QUEEN else card % 4 == HEARTS for card in trick)
        takes = (legal > best) * 1.0
        return np.stack(
            (
                rank,
                SUIT[legal] == HEARTS,
                legal == QUEEN,
                (SUIT[legal] == SPADES) & (legal > QUEEN) & queen_is_out,
                length,
                takes * (1.0 + min(cost, 4)),
                takes * rank,
                takes * (len(trick) == 3 and cost == 0) * 5.0,
            ),
            axis=1,
        )
