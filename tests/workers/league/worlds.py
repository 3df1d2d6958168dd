"""Small synthetic leagues whose truth is known."""

from dataclasses import dataclass

import numpy as np

from workers.league import Comparisons, PairingState

ELO = 173.717793


def rows(*results, seats=None):
    """Make comparisons from (match, a, b, points of a)."""
    table = np.array(results, float).reshape(-1, 4)
    none = np.full(len(table), -1)
    first, second = (none, none) if seats is None else np.array(seats, np.int64).reshape(-1, 2).T
    whole = table[:, :3].astype(np.int64)
    return Comparisons(whole[:, 0], whole[:, 1], whole[:, 2], first, second, table[:, 3], np.ones(len(table)))


def series(a, b, points, *, start=0):
    """Make results of matches of two episodes each."""
    return [(start + index // 2, a, b, point) for index, point in enumerate(points)]


def concatenated(*parts):
    """Join comparisons; match numbers must differ already."""
    columns = ("match", "side_a", "side_b", "seat_a", "seat_b", "points", "weight")
    return Comparisons(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))


def taken(comparisons, order):
    """Return the rows of comparisons in another order."""
    columns = ("match", "side_a", "side_b", "seat_a", "seat_b", "points", "weight")
    return Comparisons(*(getattr(comparisons, name)[order] for name in columns))


@dataclass
class World:
    """Agents with strengths in Elo, cycles, seed luck and an advantage of the first seat."""

    elo: np.ndarray
    cycles: np.ndarray
    luck: float = 0.0
    first_seat: float = 0.0

    @classmethod
    def drawn(cls, seed, agents, *, sd, cyclic=0.0, **more):
        rng = np.random.default_rng(seed)
        style = rng.normal(size=(agents, 2))
        cycles = np.outer(style[:, 0], style[:, 1]) - np.outer(style[:, 1], style[:, 0])
        return cls(rng.normal(0, sd, agents), cyclic * cycles / np.sqrt(2), **more)

    def play(self, pairs, rng, *, start=0):
        """Play a match of two episodes, same seed and seats swapped, for each pair."""
        pairs = np.asarray(pairs)
        a, b = pairs.T
        luck = rng.normal(0, 1, len(a)) * self.luck + self.first_seat
        gap = self.elo[a] - self.elo[b] + self.cycles[a, b]
        chance = 1 / (1 + np.exp(-np.stack([gap + luck, gap - luck], axis=1) / ELO))
        points = (rng.random(chance.shape) < chance).astype(float)
        match, none = np.arange(len(a)) + start, np.full(2 * len(a), -1)
        sides = np.repeat(a, 2), np.repeat(b, 2)
        return Comparisons(np.repeat(match, 2), *sides, none, none, points.ravel(), np.ones(2 * len(a)))

    def truth(self):
        """Return (agents,) Elo of the Bradley-Terry fit to the exact table of expected points."""
        gap = (self.elo[:, None] - self.elo[None, :] + self.cycles) / ELO
        nodes, weights = np.polynomial.hermite_e.hermegauss(21)
        table = np.zeros_like(gap)
        for node, weight in zip(nodes, weights / weights.sum(), strict=True):
            push = (node * self.luck + self.first_seat) / ELO
            table += weight * 0.5 * (1 / (1 + np.exp(-gap - push)) + 1 / (1 + np.exp(-gap + push)))
        theta = np.zeros(len(gap))
        for _ in range(30):
            expected = 1 / (1 + np.exp(theta[None, :] - theta[:, None]))
            bend = expected * (1 - expected)
            np.fill_diagonal(bend, 0.0)
            slope = (np.where(bend > 0, table - expected, 0.0)).sum(axis=1)
            theta = theta + np.linalg.pinv(np.diag(bend.sum(axis=1)) - bend) @ slope
        return ELO * (theta - theta.mean())


def random_pairs(rng, agents, count):
    first = rng.integers(agents, size=count)
    second = (first + rng.integers(1, agents, size=count)) % agents
    return np.stack([first, second], axis=1)


def state_of(table, **more):
    """Make a pairing state from a fit; every agent its own owner and active unless said otherwise."""
    agents = len(table.theta)
    episodes = np.zeros((agents, agents))
    episodes[table.pair_low, table.pair_high] = table.pair_weight
    defaults = {
        "theta": table.theta,
        "covariance": table.covariance,
        "kappa": table.kappa,
        "tau": table.tau,
        "episodes": episodes + episodes.T,
        "load": (table.episodes / 2).astype(np.int64),
        "owner": np.arange(agents),
        "active": np.ones(agents, bool),
    }
    return PairingState(**{**defaults, **more})
