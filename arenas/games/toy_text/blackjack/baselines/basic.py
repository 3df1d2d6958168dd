"""Blackjack's basic strategy for a game without doubling, splitting and surrender."""

STICK, HIT = 0, 1
ACE = 1


def agent(observation):
    total, dealer, usable_ace = (int(part) for part in observation)
    if usable_ace:  # an ace that counts eleven cannot go over with the next card
        stand_from = 19 if dealer in (9, 10, ACE) else 18
    elif dealer in (2, 3):
        stand_from = 13
    elif dealer in (4, 5, 6):
        stand_from = 12  # the dealer is likely to go over: take no risk
    else:
        stand_from = 17
    return STICK if total >= stand_from else HIT


agent.lanes = 16
