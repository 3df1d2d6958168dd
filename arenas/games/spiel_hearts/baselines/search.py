"""Hearts by playing it out: deal the hidden cards anew, try every legal card, finish by rules of thumb.

All plays of all deals go on side by side as rows of arrays, so a decision takes a few milliseconds.
A card is 4 * rank + suit: rank 0 is the two, 12 the ace; suits are clubs, diamonds, hearts, spades.
Source: Ginsberg 2001, JAIR 14, section 3 (Monte Carlo over deals), with playouts instead of a solver.
"""

import numpy as np

DEALS = 24
HEARTS, SPADES = 2, 3
QUEEN = 4 * 10 + SPADES
CARDS = np.arange(52)
SUIT, RANK = CARDS % 4, CARDS // 4
COST = np.where(SUIT == HEARTS, 1, 0) + np.where(CARDS == QUEEN, 13, 0)
DISCARD = RANK + np.where(SUIT == HEARTS, 30, 0) + np.where(CARDS == QUEEN, 100, 0)
OVER_QUEEN = (SUIT == SPADES) & (CARDS > QUEEN)
# Where the sections of the observation begin.
PASSED, RECEIVED, HAND, POINTS, TRICKS = 56, 108, 160, 212, 356


def danger(hand):
    """Return (52,) how much one wants to pass a card on: unguarded spades, high hearts, short suits."""
    length = np.bincount(SUIT[hand], minlength=4)[SUIT]
    spades = np.where(CARDS >= QUEEN, 40 + RANK - 8 * length, -20)
    return np.where(SUIT == SPADES, spades, RANK * np.where(SUIT == HEARTS, 1.5, 1.0) - length)


class Playouts:
    """Deals (n, 52) of who holds each card, -1 once it is played, and what is known of the trick."""

    def __init__(self, holder, points, trick, player, broken):
        n = len(holder)
        self.rows = np.arange(n)
        self.holder = holder
        self.points = np.tile(points, (n, 1))
        self.broken = np.full(n, broken)
        self.player = np.full(n, player)
        self.count = 0
        self.led = np.zeros(n, np.int64)
        self.best = np.full(n, -1)
        self.winner = np.zeros(n, np.int64)
        self.cost = np.zeros(n, np.int64)
        for seat, card in trick:
            self.player[:] = seat
            self.play(np.full(n, card))

    def play(self, card):
        """Let the seat whose turn it is play a card, in each deal its own."""
        if self.count == 0:
            self.led = SUIT[card]
            self.best[:] = -1
            self.cost[:] = 0
        takes = (SUIT[card] == self.led) & (card > self.best)
        self.best = np.where(takes, card, self.best)
        self.winner = np.where(takes, self.player, self.winner)
        self.cost += COST[card]
        self.broken |= COST[card] > 0
        self.holder[self.rows, card] = -1
        self.count = (self.count + 1) % 4
        self.player = (self.player + 1) % 4
        if self.count == 0:
            self.points[self.rows, self.winner] += self.cost
            self.player = self.winner.copy()

    def choose(self, rng):
        """Return a card for the seat whose turn it is, by rules of thumb with a little chance in them."""
        mine = self.holder == self.player[:, None]
        queen_is_out = (self.holder[:, QUEEN] >= 0) & (self.holder[:, QUEEN] != self.player)
        risky = queen_is_out[:, None] & OVER_QUEEN
        if self.count == 0:
            free = mine & ((SUIT != HEARTS) | self.broken[:, None])
            legal = np.where(free.any(axis=1)[:, None], free, mine)
            worth = (
                -RANK - 100.0 * (risky | (CARDS == QUEEN)) + 6.0 * (queen_is_out[:, None] & (SUIT == SPADES))
            )
        else:
            suited = mine & (self.led[:, None] == SUIT)
            follows = suited.any(axis=1)[:, None]
            legal = np.where(follows, suited, mine)
            below = self.best[:, None] > CARDS
            is_free = (self.count == 3) & (self.cost == 0)
            above = np.where(is_free[:, None], RANK, -RANK) - 50.0 * (CARDS == QUEEN)
            following = np.where(below, 100.0 + RANK + 100.0 * (CARDS == QUEEN), above)
            worth = np.where(follows, following, DISCARD + 80.0 * risky)
        worth = worth + rng.random(worth.shape, np.float32) * 1.5
        return np.where(legal, worth, -1e9).argmax(axis=1)

    def result(self):
        """Return (n, 4) the points of each seat at the end, a shot moon counted."""
        moon = self.points == 26
        return np.where(moon.any(axis=1)[:, None], np.where(moon, 0, 26), self.points)


class Agent:
    lanes = 16

    def reset(self, start):
        self.seat = start.seat
        self.rng = np.random.default_rng(start.seed)

    def act(self, observation):
        seen = observation["observation"] > 0.5
        legal = np.flatnonzero(observation["action_mask"])
        if len(legal) == 1:
            return int(legal[0])
        if not seen[0] and not seen[RECEIVED:HAND].any():
            return int(legal[danger(np.flatnonzero(seen[HAND:POINTS]))[legal].argmax()])
        found = np.argwhere(seen[TRICKS:].reshape(13, 7, 52))
        history = [(int(column) % 4, int(card)) for _, column, card in found]
        taken = seen[POINTS:TRICKS].reshape(4, 36).sum(axis=1) - 10
        deals = self.deal(seen, history)
        holder = np.repeat(deals, len(legal), axis=0)
        trick = history[len(history) - len(history) % 4 :]
        broken = any(COST[card] for _, card in history)
        out = Playouts(holder, taken, trick, self.seat, broken)
        out.player[:] = self.seat
        out.play(np.tile(legal, len(deals)))
        for _ in range(51 - len(history)):
            out.play(out.choose(self.rng))
        points = out.result()
        mine = points[:, self.seat, None]
        # Places count; how many points there are is only what breaks a tie.
        worth = np.sign(points - mine).sum(axis=1) - mine[:, 0] / 100
        return int(legal[worth.reshape(len(deals), len(legal)).mean(axis=0).argmax()])

    def deal(self, seen, history):
        """Return (DEALS, 52) who may hold each card: as many as they hold, no suit they failed to follow."""
        hand = np.flatnonzero(seen[HAND:POINTS])
        gone = {card for _, card in history}
        known = dict.fromkeys((int(card) for card in hand), self.seat)
        receiver = (self.seat + int(seen[:4].argmax())) % 4
        known |= {int(c): receiver for c in np.flatnonzero(seen[PASSED:RECEIVED]) if int(c) not in gone}
        hidden = [card for card in range(52) if card not in known and card not in gone]
        left = [13 - sum(seat == other for other, _ in history) for seat in range(4)]
        need = [left[seat] - list(known.values()).count(seat) for seat in range(4)]
        void = {
            (seat, SUIT[history[at - at % 4][1]])
            for at, (seat, card) in enumerate(history)
            if SUIT[card] != SUIT[history[at - at % 4][1]]
        }
        base = np.full(52, -1)
        for card, seat in known.items():
            base[card] = seat
        deals = np.tile(base, (DEALS, 1))
        for row in deals:
            self.fill(row, hidden, list(need), void)
        return deals

    def fill(self, row, hidden, need, void):
        """Give the hidden cards to the seats that still need some; those with fewest choices first."""
        order = self.rng.permutation(hidden)
        choices = {
            suit: [s for s in range(4) if (s, suit) not in void and s != self.seat] for suit in range(4)
        }
        for card in sorted(order.tolist(), key=lambda card: len(choices[card % 4])):
            able = [seat for seat in choices[card % 4] if need[seat]] or [s for s in range(4) if need[s]]
            weights = np.cumsum([need[seat] for seat in able])
            seat = able[int(np.searchsorted(weights, self.rng.random() * weights[-1], side="right"))]
            row[card] = seat
            need[seat] -= 1
