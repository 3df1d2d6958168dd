"""Leduc hold'em by card strength: raise strong hands, call fair ones, fold weak ones, bluff a little."""

import random

CALL, RAISE, FOLD, CHECK = 0, 1, 2, 3
JACK, QUEEN, KING = 0, 1, 2


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        planes = [int(x) for x in observation["observation"]]
        hand = planes[0:3].index(1)
        public = planes[3:6].index(1) if 1 in planes[3:6] else None
        legal = [a for a in (CALL, RAISE, FOLD, CHECK) if observation["action_mask"][a]]
        return next(a for a in self.wishes(hand, public) if a in legal)

    def wishes(self, hand, public):
        """Return the actions in the order in which they are wanted."""
        if hand == public or (public is None and hand == KING):
            return RAISE, CALL, CHECK
        if self.rng.random() < 0.1:  # a bluff, so that a raise does not give the hand away
            return RAISE, CALL, CHECK
        if public is None:
            return (CHECK, CALL, FOLD) if hand == QUEEN else (CHECK, FOLD, CALL)
        if hand == KING:
            return CHECK, CALL, FOLD
        if hand == QUEEN and public == JACK:
            return CHECK, CALL, FOLD
        return CHECK, FOLD, CALL
