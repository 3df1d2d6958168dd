"""Hanabi with one convention: a hint means that the newest card it touches can be played now.

Hints of rank five are the exception; they only say "keep this". Both seats run this program and know what
the other must conclude, so each remembers which cards, its own and its partner's, have been promised.
Card 0 of a hand is the oldest; a card that leaves shifts the newer ones down.
"""

import numpy as np

COLOURS, RANKS, HAND = 5, 5, 5
CARDS = COLOURS * RANKS
COPIES = (3, 2, 2, 2, 1)
# Where the sections of the observation begin.
BOARD, DISCARDS, LAST, KNOWLEDGE = 127, 203, 253, 308
FIREWORKS, HINTS, LIVES = BOARD + 40, BOARD + 65, BOARD + 73
DISCARD, PLAY, COLOUR, RANK = 0, 5, 10, 15  # first actions of each kind
FIVE = 4


def thermometer(bits):
    return int(bits.sum())


class Agent:
    lanes = 16

    def reset(self, start):
        self.mine = [False] * HAND
        self.theirs = [False] * HAND

    def act(self, observation):
        seen = observation["observation"] > 0.5
        legal = observation["action_mask"]
        self.read(seen)
        self.note_partner_move(seen)
        action = self.choose(legal)
        self.note_own_move(action)
        return action

    def read(self, seen):
        """Take in the table: partner's hand, piles, tokens, discards, and what each card may be."""
        cards = seen[: HAND * CARDS].reshape(HAND, CARDS)
        self.hand = [divmod(int(card.argmax()), RANKS) for card in cards if card.any()]
        self.own_count = HAND - int(seen[HAND * CARDS])
        piles = seen[FIREWORKS : FIREWORKS + CARDS].reshape(COLOURS, RANKS)
        self.piles = [int(pile.argmax()) + 1 if pile.any() else 0 for pile in piles]
        self.hints = thermometer(seen[HINTS : HINTS + 8])
        self.lives = thermometer(seen[LIVES : LIVES + 3])
        self.gone = {}
        position = DISCARDS
        for colour in range(COLOURS):
            for rank, copies in enumerate(COPIES):
                self.gone[colour, rank] = thermometer(seen[position : position + copies])
                position += copies
        known = seen[KNOWLEDGE:].reshape(2, HAND, CARDS + COLOURS + RANKS)
        self.plausible = [
            [divmod(int(card), RANKS) for card in np.flatnonzero(known[0, slot, :CARDS])]
            for slot in range(self.own_count)
        ]
        for cards_of_slot in self.plausible:
            cards_of_slot[:] = [card for card in cards_of_slot if self.may_be_left(card)]
        self.their_known = known[1, :, :CARDS]
        self.hinted = known[0, :, CARDS:].any(axis=1)
        self.their_hinted = known[1, :, CARDS:].any(axis=1)

    def may_be_left(self, card):
        """Say whether a copy may be hidden: not all are discarded, played or in the partner's hand."""
        colour, rank = card
        out = self.gone[card] + (self.piles[colour] > rank) + self.hand.count(card)
        return out < COPIES[rank]

    def note_partner_move(self, seen):
        """Take over what the partner's last move changes: its hand moved up, or it hinted at ours."""
        last = seen[LAST : LAST + 55]
        if not last[1]:  # the first turn of the episode
            return
        kinds, rank_hint, touched, slot = last[2:6], last[13:18], last[18:23], last[23:28]
        if kinds[0] or kinds[1]:
            self.drop(self.theirs, int(slot.argmax()))
        elif not rank_hint[FIVE]:
            self.mine[int(np.flatnonzero(touched).max())] = True

    def note_own_move(self, action):
        if action < COLOUR:
            self.drop(self.mine, action % HAND)
        elif action != RANK + FIVE:
            self.theirs[self.touched(action)[-1]] = True

    @staticmethod
    def drop(promised, slot):
        del promised[slot]
        promised.append(False)

    def touched(self, action):
        """Return the slots of the partner's hand that a hint touches."""
        if action >= RANK:
            return [slot for slot, (_, rank) in enumerate(self.hand) if rank == action - RANK]
        return [slot for slot, (colour, _) in enumerate(self.hand) if colour == action - COLOUR]

    def is_playable(self, card):
        return self.piles[card[0]] == card[1]

    def is_useless(self, card):
        """Say whether a card can never score: played already, or one below it is lost."""
        colour, rank = card
        lost = any(self.gone[colour, low] == COPIES[low] for low in range(self.piles[colour], rank))
        return rank < self.piles[colour] or lost

    def is_last(self, card):
        return not self.is_useless(card) and self.gone[card] == COPIES[card[1]] - 1

    def choose(self, legal):
        play = self.card_to_play()
        if play is not None:
            return PLAY + play
        if self.hints:
            hint = self.hint_to_play(legal)
            if hint is None and self.hints > 1:
                hint = self.hint_to_keep(legal)
            if hint is not None:
                return hint
        if legal[DISCARD:PLAY].any():
            return DISCARD + self.card_to_discard()
        return self.harmless_hint(legal)

    def card_to_play(self):
        """Return a slot of ours that is surely playable, or was promised and still may be."""
        promised = []
        for slot, cards in enumerate(self.plausible):
            if cards and all(map(self.is_playable, cards)):
                return slot
            share = sum(map(self.is_playable, cards)) / max(1, len(cards))
            if self.mine[slot] and share:
                promised.append((share, slot))
            elif self.mine[slot]:
                self.mine[slot] = False  # what was promised has been played by now
        return max(promised)[1] if promised and self.lives > 1 else None

    def hint_to_play(self, legal):
        """Return the hint whose newest touched card is playable and not promised yet, low ranks first."""
        promised = [self.hand[slot] for slot in range(len(self.hand)) if self.theirs[slot]]
        found = []
        for action in range(COLOUR, RANK + FIVE):
            slots = self.touched(action) if legal[action] else []
            if not slots or self.theirs[slots[-1]]:
                continue
            card = self.hand[slots[-1]]
            if self.is_playable(card) and card not in promised and not self.is_promised_to_me(card):
                found.append((card[1], -len(slots), action))
        return min(found)[2] if found else None

    def is_promised_to_me(self, card):
        return any(self.mine[slot] and cards == [card] for slot, cards in enumerate(self.plausible))

    def hint_to_keep(self, legal):
        """Return the hint of rank five where the partner would throw a five away next."""
        slot = next((s for s in range(len(self.hand)) if not (self.theirs[s] or self.their_hinted[s])), None)
        wanted = slot is not None and self.hand[slot][1] == FIVE and not self.is_useless(self.hand[slot])
        return RANK + FIVE if wanted and legal[RANK + FIVE] else None

    def card_to_discard(self):
        """Return a slot that is surely useless, else the oldest card nobody has hinted at."""
        slots = range(self.own_count)
        useless = [s for s in slots if self.plausible[s] and all(map(self.is_useless, self.plausible[s]))]
        if useless:
            return useless[0]
        unmarked = [slot for slot in slots if not self.mine[slot] and not self.hinted[slot]]
        if unmarked:
            return unmarked[0]
        worth = [
            (self.mine[s], sum(map(self.is_last, self.plausible[s])) / max(1, len(self.plausible[s])), s)
            for s in slots
        ]
        return min(worth)[2]

    def harmless_hint(self, legal):
        """Return a hint that promises as little as it can, for when there is nothing to throw away."""
        if legal[RANK + FIVE]:
            return RANK + FIVE
        hints = [action for action in range(COLOUR, RANK + FIVE) if legal[action]]
        return max(hints, key=lambda action: self.theirs[self.touched(action)[-1]])
