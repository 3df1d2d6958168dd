"""Ledgers of small leagues, for tests."""

import numpy as np

from workers.league.ledger import Agent, EpisodeResult, MatchResult, Opening, SeatResult, seal

NAMES = [f"s{number:02d}" for number in range(6)]


def opening(**changes):
    return Opening(**{"league": "connect-four", "arena": "connect_four-v3", "objective": "rank", **changes})


def entered(names=NAMES):
    return [Agent(agent=name, owner=f"team-{name}", active=True) for name in names]


def duel(match, first, second, *winners):
    """A match of one episode for each winner (0, 1, or 0.5 for a tie), seats swapped each time."""
    episodes = []
    for number, winner in enumerate(winners):
        order = (0, 1) if number % 2 == 0 else (1, 0)
        ranks = [1 if winner in (position, 0.5) else 2 for position in order]
        seats = [
            SeatResult(agent=position, rank=rank, reward=float(2 - rank), score=float(2 - rank))
            for position, rank in zip(order, ranks, strict=True)
        ]
        episodes.append(EpisodeResult(seed=number // 2, seats=tuple(seats)))
    return MatchResult(match=match, lineup=(first, second), episodes=tuple(episodes))


def round_robin(seed=1, rounds=8):
    """Matches in which lower names are stronger."""
    rng = np.random.default_rng(seed)
    pairs = [(a, b) for a in range(len(NAMES)) for b in range(a + 1, len(NAMES))] * rounds
    for number, (a, b) in enumerate(pairs):
        chance = 1 / (1 + np.exp((b - a) * 0.4))
        winners = [int(rng.random() < chance) for _ in range(2)]
        yield duel(f"m{number:04d}", NAMES[a], NAMES[b], *winners)


def season(seed=1, rounds=8):
    return [opening(), *entered(), *round_robin(seed, rounds)]


def lines(events):
    return [line for line, _ in seal(events)]
