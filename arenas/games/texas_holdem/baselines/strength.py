"""Hold'em by hand strength: deals the unseen cards some times at random and counts how often it would win.

Plays both forms: limit (call, raise, fold, check) and no limit (fold, check or call, three raises). Cards are
13 * suit + rank, rank 0 the ace.
"""

import random

DEALS = 30
CALL, RAISE, FOLD, CHECK = range(4)
FOLD_ALL, CHECK_OR_CALL, HALF_POT, POT, ALL_IN = range(5)


def straight(ranks):
    """Return the highest rank of five in a row, or None; the ace, 12, may also lie below the two."""
    held = set(ranks) | ({-1} if 12 in ranks else set())
    return next((top for top in range(12, 2, -1) if held.issuperset(range(top - 4, top + 1))), None)


def worth(cards):
    """Return what the best five of seven cards are worth, as a tuple that can be compared."""
    ranks = [(card - 1) % 13 for card in cards]
    suits = [card // 13 for card in cards]
    flush = next((suit for suit in range(4) if suits.count(suit) >= 5), None)
    if flush is not None:
        ranks = [rank for rank, suit in zip(ranks, suits, strict=True) if suit == flush]
    top = straight(ranks)
    groups = sorted(((ranks.count(rank), rank) for rank in set(ranks)), reverse=True)
    order = [rank for count, rank in groups for _ in range(count)][:5]
    if flush is not None:
        return (8, top) if top is not None else (5, *order)
    (most, first), (second, _) = groups[0], groups[1]
    if most == 4:
        return 7, first, max(rank for rank in ranks if rank != first)
    if most == 3 and second >= 2:
        return 6, *order
    if top is not None:
        return 4, top
    if most == 3:
        return 3, *order
    if second == 2:
        return 2, *order[:4], max(rank for rank in ranks if rank not in order[:4])
    return most - 1, *order


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)
        self.hand = None

    def act(self, observation):
        numbers, legal = observation["observation"], observation["action_mask"]
        seen = [card for card in range(52) if numbers[card]]
        if self.hand is None:  # everybody is asked before cards are shown to all
            self.hand = seen
        chance = self.chance(seen)
        wishes = self.limit(chance) if len(legal) == 4 else self.no_limit(chance, *numbers[52:])
        return next(action for action in wishes if legal[action])

    def chance(self, seen):
        """Return the share of random deals in which our hand beats the other side's."""
        public = [card for card in seen if card not in self.hand]
        unseen = [card for card in range(52) if card not in seen]
        won = 0.0
        for _ in range(DEALS):
            dealt = self.rng.sample(unseen, 7 - len(public))
            board = public + dealt[2:]
            ours, theirs = worth(self.hand + board), worth(dealt[:2] + board)
            won += 1.0 if ours > theirs else 0.5 if ours == theirs else 0.0
        return won / DEALS

    def limit(self, chance):
        if chance > 0.5:
            return RAISE, CALL, CHECK
        return (CHECK, CALL) if chance > 0.25 else (CHECK, FOLD)

    def no_limit(self, chance, own, highest):
        price = highest - own
        if chance > 0.8:
            return ALL_IN, CHECK_OR_CALL
        if chance > 0.5:
            return POT, HALF_POT, CHECK_OR_CALL
        return (CHECK_OR_CALL,) if chance * (2 * highest) >= price else (FOLD_ALL,)
