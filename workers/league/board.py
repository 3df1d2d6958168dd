"""What pairing reckons with: the field, the rules, and the posterior as if chosen matches were played."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from workers.league.comparisons import Booleans, Floats, Integers

_EXACT_AGENTS: Final = 200
"""Up to this field size the posterior is updated after every single pair."""
_BUSY_AGENTS: Final = 20
_BUSY_MATCHES: Final = 40


@dataclass(frozen=True, slots=True)
class PairingRules:
    """How the slots are shared out."""

    exploration: float = 0.10
    newcomer_share: float = 0.30
    """Most of the slots that go to newcomers."""
    newcomer_matches: int = 8
    """Matches after which an agent is no newcomer."""
    floor: float = 0.5
    """An agent below this share of the mean number of matches comes first."""
    cap: float = 2.0
    """An agent above this share of the mean, plus one, waits."""
    repeats: int = 2
    """Most matches of one line-up at once."""
    pair_share: float = 0.10
    """Most of an agent's matches that one opponent may take, in fields of 20 and from 40 matches on."""
    finals: bool = False
    """Weigh the top places more."""
    top_weight: float = 0.9
    """Share of the weight that goes by rank in finals: the place r counts 1 / (1 + r / 10)."""
    patience: float = 1.75
    """An agent comes first that has waited this many mean waits for its next match."""


@dataclass(frozen=True, slots=True)
class PairingState:
    """The field at the time of pairing; indices are those of the fit."""

    theta: Floats
    """(agents,) logits."""
    covariance: Floats
    """(agents, agents) logits squared."""
    kappa: float
    tau: float
    """Logits."""
    episodes: Floats
    """(agents, agents) episodes of each pair, symmetric; queued ones included."""
    load: Integers
    """(agents,) matches of each agent, queued ones included."""
    owner: Integers
    """(agents,) agents of one owner never meet; give house agents an owner each."""
    active: Booleans
    seats: int = 2
    episodes_per_match: int = 2
    cost: Floats | None = None
    """(agents, agents) expected seconds of a match; alike if left out."""
    seat_counts: Integers | None = None
    """(agents, seats) how often each sat where; used with more than two seats."""
    waited: Integers | None = None
    """(agents,) matches of the whole field since the last one of each agent, queued ones included; nobody's
    wait is looked at if left out."""


class Board:
    """The posterior while matches are being chosen.

    Source:
        Sherman & Morrison 1950 for the updates of the covariance; the gain is that of evaluating, for each
        pair, the expected drop of a Laplacian-weighted variance of differences (an A-optimal design).
    """

    def __init__(self, state: PairingState, rules: PairingRules, rng: np.random.Generator) -> None:
        self.state = state
        self.rules = rules
        self.theta = state.theta
        self.covariance = state.covariance.copy()
        self.episodes = state.episodes.astype(float)
        self.load = state.load.astype(float)
        self.jitter: Floats = rng.random(self.episodes.shape)
        self.waited = None if state.waited is None else state.waited.astype(float)
        self._at_once: Counter[frozenset[int]] = Counter()
        expected = 0.5 + 0.5 * np.tanh(0.5 * (self.theta[:, None] - self.theta[None, :]))
        self._bit = state.kappa * expected * (1.0 - expected)
        self._spread = self.covariance @ self._closeness() @ self.covariance
        other = state.owner[:, None] != state.owner[None, :]
        self._open: Booleans = other & state.active[:, None] & state.active[None, :]

    def allowed(self) -> Booleans:
        """Return (agents, agents): which pairs may be chosen now."""
        pairs = self._open & ~self._overfull()
        active = self.state.active
        if not active.any():
            return pairs
        mean = self.load[active].mean()
        waiting = self.load >= self.rules.cap * mean + 1.0
        within = pairs & ~waiting[:, None] & ~waiting[None, :]
        behind = active & (self.load < self.rules.floor * mean)
        if self.waited is not None:
            # Between two matches of an agent lie, on average, as many of the field as fill a round.
            round_length = active.sum() / self.state.seats
            behind |= active & (self.waited >= self.rules.patience * round_length)
        urgent = within & (behind[:, None] | behind[None, :])
        return np.asarray(urgent if urgent.any() else within)

    def gain(self) -> Floats:
        """Return (agents, agents): the expected gain of each pair meeting next, per cost."""
        weight, variance = self._new_information(), _apart(self.covariance)
        gain = weight * _apart(self._spread) / (1.0 + weight * variance)
        return gain if self.state.cost is None else np.asarray(gain / self.state.cost)

    def gain_of(self, first: int, second: int) -> float:
        """Return the gain of one pair."""
        pair = np.ix_([first, second], [first, second])
        tau, bit = self.state.tau, self._bit[first, second]
        weight = _added(bit, self.episodes[first, second], self.state.episodes_per_match, tau)
        variance = _apart(self.covariance[pair])[0, 1]
        gain = float(weight * _apart(self._spread[pair])[0, 1] / (1.0 + weight * variance))
        return gain if self.state.cost is None else gain / float(self.state.cost[first, second])

    def batch(self) -> int:
        """Return how many disjoint pairs may be taken between two updates."""
        agents = len(self.theta)
        return 1 if agents <= _EXACT_AGENTS else max(1, agents // 4)

    def fill(self, first: int, second: int) -> tuple[int, ...]:
        """Return a full line-up that starts with a pair, or nothing where the rules allow none."""
        lineup = [first, second]
        if self.state.seats > 2:
            pairs, gain = self._open & ~self._overfull(), self.gain()
            while len(lineup) < self.state.seats:
                fits = pairs[lineup].all(axis=0)
                if not fits.any():
                    return ()
                lineup.append(int(np.argmax(np.where(fits, gain[lineup].sum(axis=0), -np.inf))))
        return () if self._at_once[frozenset(lineup)] >= self.rules.repeats else tuple(lineup)

    def play(self, lineup: tuple[int, ...]) -> None:
        """Update the posterior as if a match had been played."""
        extra = self.state.episodes_per_match
        for index, first in enumerate(lineup):
            for second in lineup[index + 1 :]:
                bit = self._bit[first, second]
                weight = _added(bit, self.episodes[first, second], extra, self.state.tau)
                self._learn(first, second, float(weight))
                self.episodes[first, second] += extra
                self.episodes[second, first] += extra
        self.load[list(lineup)] += 1
        if self.waited is not None:
            self.waited += 1
            self.waited[list(lineup)] = 0
        key = frozenset(lineup)
        self._at_once[key] += 1
        if self.state.seats == 2 and self._at_once[key] >= self.rules.repeats:
            first, second = lineup
            self._open[first, second] = self._open[second, first] = False

    def _learn(self, first: int, second: int, weight: float) -> None:
        along = self.covariance[:, first] - self.covariance[:, second]
        change = self._spread[:, first] - self._spread[:, second]
        share = weight / (1.0 + weight * (along[first] - along[second]))
        across = np.outer(along, change)
        inner = share**2 * (change[first] - change[second])
        outer = np.outer(along, along)
        self.covariance -= share * outer
        self._spread -= share * (across + across.T) - inner * outer

    def _closeness(self) -> Floats:
        """Return the Laplacian of how much each pair's order is in doubt."""
        gap = self.theta[:, None] - self.theta[None, :]
        variance = np.maximum(_apart(self.covariance), 1e-9)
        doubt = np.exp(-(gap**2) / (2.0 * variance)) / variance
        if self.rules.finals:
            rank = np.empty(len(self.theta))
            rank[np.argsort(-self.theta, kind="stable")] = np.arange(1, len(self.theta) + 1)
            top = self.rules.top_weight
            weight = (1.0 - top) + top / (1.0 + rank / 10.0)
            doubt = doubt * np.maximum(weight[:, None], weight[None, :])
        doubt = np.where(self.state.active[:, None] & self.state.active[None, :], doubt, 0.0)
        np.fill_diagonal(doubt, 0.0)
        return np.asarray(np.diag(doubt.sum(axis=1)) - doubt)

    def _new_information(self) -> Floats:
        return _added(self._bit, self.episodes, self.state.episodes_per_match, self.state.tau)

    def _overfull(self) -> Booleans:
        """Return the pairs that already take too large a share of a busy agent's matches."""
        if len(self.theta) < _BUSY_AGENTS:
            return np.zeros_like(self._open)
        matches = self.episodes / self.state.episodes_per_match
        most = np.where(self.load >= _BUSY_MATCHES, self.rules.pair_share * self.load, np.inf)
        return np.asarray(matches + 1.0 > np.minimum(most[:, None], most[None, :]))


def _apart(matrix: Floats) -> Floats:
    """Return (agents, agents): the matrix along each difference of two agents."""
    diagonal = np.diag(matrix)
    return np.asarray(diagonal[:, None] + diagonal[None, :] - 2.0 * matrix)


def _added(bit: Floats, episodes: Floats, extra: int, tau: float) -> Floats:
    """Return what more episodes of a pair tell of its strengths, the pair effect taken off."""
    before, after = bit * episodes, bit * (episodes + extra)
    return np.asarray(after / (1.0 + tau**2 * after) - before / (1.0 + tau**2 * before))
