"""Results as comparisons of two agents."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]

MOST_AGENTS: Final = 2**31
MOST_SEATS: Final = 2**15


class ComparisonsError(ValueError):
    """Comparisons do not fit together; the caller built them wrongly."""


@dataclass(frozen=True, slots=True)
class Comparisons:
    """One row for each pair of agents in each episode; all arrays have one length."""

    match: Integers
    """Id of the match; the rows of one match count as one cluster."""
    side_a: Integers
    """Agent index, 0 to agents - 1."""
    side_b: Integers
    seat_a: Integers
    """Seat of side a; -1 where the match was played in both seatings, so that seats cancel."""
    seat_b: Integers
    points: Floats
    """Of side a: 1 won, 0.5 tied, 0 lost."""
    weight: Floats
    """1; 0.25 where the other side forfeited at once."""

    def __len__(self) -> int:
        return len(self.match)


def empty_comparisons() -> Comparisons:
    """Return comparisons of no rows."""
    none, nothing = np.zeros(0, np.int64), np.zeros(0)
    return Comparisons(none, none, none, none, none, nothing, nothing)


def sums(index: Integers, values: Floats, size: int) -> Floats:
    """Return (size,) the values added up by their index."""
    return np.bincount(index, values, size).astype(np.float64, copy=False)


def check(comparisons: Comparisons) -> None:
    """Refuse comparisons that do not fit together.

    Raises:
        ComparisonsError: lengths differ, or an index, points or weight is out of range.
    """
    size = len(comparisons)
    columns = (comparisons.side_a, comparisons.side_b, comparisons.seat_a, comparisons.seat_b)
    if any(len(column) != size for column in (*columns, comparisons.points, comparisons.weight)):
        raise ComparisonsError("the columns differ in length")
    if not size:
        return
    if min(comparisons.side_a.min(), comparisons.side_b.min()) < 0:
        raise ComparisonsError("an agent index is below 0")
    if max(comparisons.side_a.max(), comparisons.side_b.max()) >= MOST_AGENTS:
        raise ComparisonsError(f"an agent index is {MOST_AGENTS} or more")
    if np.any(comparisons.side_a == comparisons.side_b):
        raise ComparisonsError("an agent is compared with itself")
    if not _is_points(comparisons.points):
        raise ComparisonsError("points must be 0, 0.5 or 1")
    if not (np.isfinite(comparisons.weight).all() and (comparisons.weight > 0).all()):
        raise ComparisonsError("weights must be positive")
    if (np.minimum(comparisons.seat_a, comparisons.seat_b) < -1).any():
        raise ComparisonsError("a seat is below -1")
    if (np.maximum(comparisons.seat_a, comparisons.seat_b) >= MOST_SEATS - 1).any():
        raise ComparisonsError(f"a seat is {MOST_SEATS - 1} or more")


def _is_points(values: Floats) -> bool:
    return bool(((values == 0.0) | (values == 0.5) | (values == 1.0)).all())
