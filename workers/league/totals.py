"""Returns summed over the episodes of a match, as comparisons: one for each two agents of a line-up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from workers.league.comparisons import Comparisons, ComparisonsError


@dataclass(frozen=True, slots=True)
class Total:
    """What each agent of a match got over all its episodes and seats."""

    match: int
    agents: tuple[int, ...]
    """Agent index by position in the line-up."""
    returns: tuple[float, ...]
    """By position; more is better."""


def compare_totals(totals: Iterable[Total], *, owners: Sequence[int] | None = None) -> Comparisons:
    """Compare every two agents of every match.

    Seats get no term: a total holds all seatings of its match.

    Args:
        totals: one for each match.
        owners: (agents,) who owns each; agents of one owner are never compared.

    Raises:
        ComparisonsError: a match has not one return for each agent.
    """
    rows = []
    for total in sorted(totals, key=lambda each: each.match):
        if len(total.agents) != len(total.returns):
            raise ComparisonsError(f"match {total.match} has not one return for each agent")
        for (a, own), (b, other) in combinations(zip(total.agents, total.returns, strict=True), 2):
            if a != b and (owners is None or owners[a] != owners[b]):
                rows.append((total.match, a, b, 0.5 * (1 + (own > other) - (own < other))))
    no_seat = np.full(len(rows), -1, np.int64)
    return Comparisons(
        match=np.array([row[0] for row in rows], np.int64),
        side_a=np.array([row[1] for row in rows], np.int64),
        side_b=np.array([row[2] for row in rows], np.int64),
        seat_a=no_seat,
        seat_b=no_seat,
        points=np.array([row[3] for row in rows], np.float64),
        weight=np.ones(len(rows)),
    )
