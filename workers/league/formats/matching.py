"""The best way to pair a round of two each: a matching of least cost, by the blossom algorithm.

How it works: costs come in levels, and no saving on a lower level is worth anything on a higher one. Each
level is given its own digits of one whole number, so one matching minimises all levels at once. In a large
field only the cheapest opponents of each are looked at first; if that leaves anybody over, more are.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import rustworkx

from workers.league.comparisons import Booleans, Floats, Integers

_FEW: Final = 32
"""Opponents of each entry that are looked at first."""
_TIE_BITS: Final = 24
"""Digits that make the best matching unique, so that it is the same on every machine."""

_MOST_BITS: Final = 120
"""Digits the matching can count in; of a field so large that it needs more, the least are dropped."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Symmetric (places, places) arrays of whole numbers from 0; the first level weighs most."""

    levels: tuple[Integers, ...]
    forbidden: Booleans
    """(places, places) pairs that are not made; the diagonal is."""


def match_all(costs: Costs, rng: np.random.Generator) -> list[tuple[int, int]] | None:
    """Pair everybody at least cost, or nothing where the forbidden pairs leave somebody over.

    Args:
        costs: an even number of places.
        rng: breaks ties between matchings of equal cost.
    """
    count = len(costs.forbidden)
    order = _cheapest_first(costs)
    few = _FEW
    while True:
        pairs = _match(costs, _candidates(order, costs.forbidden, few), rng)
        if 2 * len(pairs) == count:
            return sorted(pairs)
        if few >= count:
            return None
        few *= 4


def _cheapest_first(costs: Costs) -> Integers:
    """Return (places, places): the others, the cheapest opponent first."""
    rough = np.zeros(costs.forbidden.shape, np.float64)
    for level in costs.levels:
        rough = rough * (float(level.max(initial=0)) + 1.0) + level
    rough[costs.forbidden] = np.inf
    return np.argsort(rough, axis=1, kind="stable")


def _candidates(order: Integers, forbidden: Booleans, few: int) -> Booleans:
    count = len(order)
    allowed = np.zeros((count, count), np.bool_)
    np.put_along_axis(allowed, order[:, :few], True, axis=1)
    return np.asarray(np.triu((allowed | allowed.T) & ~forbidden, 1))


def _match(costs: Costs, candidates: Booleans, rng: np.random.Generator) -> list[tuple[int, int]]:
    first, second = np.nonzero(candidates)
    count = len(candidates)
    # A matching has count / 2 pairs, so a sum never carries into the level above.
    price = np.zeros(len(first), object)
    for level in costs.levels:
        cost = level[first, second]
        price = price * (int(cost.max(initial=0)) * (count // 2) + 1) + cost.astype(object)
    ties = rng.integers(1 << _TIE_BITS, size=(count, count))[first, second]
    price = price * ((1 << _TIE_BITS) * (count // 2 + 1)) + ties.astype(object)
    worst = int(price.max(initial=0)) + 1
    dropped = max(0, worst.bit_length() - _MOST_BITS)
    graph: rustworkx.PyGraph[int, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(count))
    graph.add_edges_from(
        [(int(a), int(b), (worst - int(c)) >> dropped) for a, b, c in zip(first, second, price, strict=True)]
    )
    pairs = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return [(min(pair), max(pair)) for pair in pairs]


def squared_gaps(scores: Floats) -> Integers:
    """Return (places, places) squared differences of scores, in quarters of a point."""
    quarters = np.ceil(np.abs(scores[:, None] - scores[None, :]) * 4 - 1e-6).astype(np.int64)
    return np.minimum(quarters, 255) ** 2
