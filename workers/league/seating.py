"""Who takes which seat, so that over time everybody sits everywhere equally often."""

from itertools import permutations
from typing import Final

from workers.league.comparisons import Integers

_ALL_ORDERS: Final = 6
"""Up to this many seats every order is tried."""


def seat_lineup(lineup: tuple[int, ...], seat_counts: Integers | None) -> tuple[int, ...]:
    """Return the agents by seat, each where it has sat least.

    Args:
        lineup: agents, in any order.
        seat_counts: (agents, seats) how often each sat where; nothing is changed if left out.
    """
    if seat_counts is None:
        return lineup
    if len(lineup) <= _ALL_ORDERS:
        return min(permutations(lineup), key=lambda order: _cost(order, seat_counts))
    left = list(lineup)
    seated = []
    for seat in range(len(lineup)):
        next_agent = min(left, key=lambda agent: (int(seat_counts[agent, seat]), agent))
        left.remove(next_agent)
        seated.append(next_agent)
    return tuple(seated)


def _cost(order: tuple[int, ...], seat_counts: Integers) -> int:
    """Weigh high counts more than in proportion, so that no single agent pays for the others."""
    return sum((int(seat_counts[agent, seat]) + 1) ** 2 for seat, agent in enumerate(order))
