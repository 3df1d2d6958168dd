"""Leduc hold'em by card strength: raise strong hands, call fair ones, fold weak ones, bluff a little."""

import random

FOLD, CALL, RAISE = 0, 1, 2
JACK, QUEEN, KING = 0, 1, 2


def rank_of(bits):
    """Return the rank of a one-hot card, two suits of each rank; None where there is no card."""
    found = bits.nonzero()[0]
    return int(found[0]) // 2 if len(found) else None


class Agent:
    lanes = 16

    def reset(self, start):
        self.rng = random.Random(start.seed)

    def act(self, observation):
        seen = observation["observation"]
        hand, public = rank_of(seen[2:8]), rank_of(seen[8:14])
        facing_a_raise = bool(observation["action_mask"][FOLD])
        legal = observation["action_mask"]
        return next(a for a in self.wishes(hand, public, facing_a_raise) if legal[a])

    def wishes(self, hand, public, facing_a_raise):
        """Return the actions in the order in which they are wanted; a call costs nothing without a raise."""
        if hand == public or (public is None and hand == KING):
            return RAISE, CALL
        if self.rng.random() < 0.1:  # a bluff, so that a raise does not give the hand away
            return RAISE, CALL
        fair = hand == KING or (hand == QUEEN and public in (None, JACK))
        return (FOLD,) if facing_a_raise and not fair else (CALL,)
