"""Who takes which seat, so that over time everybody sits everywhere equally often."""

import numpy as np

from workers.league.comparisons import Integers


def seat_lineup(lineup: tuple[int, ...], seat_counts: Integers | None) -> tuple[int, ...]:
    """Return the agents by seat, each where it has sat least.

    High counts weigh more than in proportion, so that no single agent pays for the others.

    Args:
        lineup: agents, in any order.
        seat_counts: (agents, seats) how often each sat where; nothing is changed if left out.

    Source:
        Kuhn 1955, Naval Research Logistics Quarterly 2:83-97 (the Hungarian method), as
        `scipy.optimize.linear_sum_assignment`.
    """
    if seat_counts is None:
        return lineup
    from scipy.optimize import linear_sum_assignment  # Half of what numpy takes to load: only here.

    cost = (np.asarray(seat_counts)[list(lineup), : len(lineup)] + 1) ** 2
    _, agent = linear_sum_assignment(cost.T)
    return tuple(lineup[each] for each in agent)
