"""Chance that is drawn once: a tournament's seed orders entries the same way on every machine."""

import hashlib
from collections.abc import Sequence

from workers.league.formats.contract import Field, FormatError


def draw_lot(lot: int, entry: int) -> int:
    """Return an entry's lot, 0 to 2^64 - 1; the lowest wins."""
    return int.from_bytes(hashlib.sha256(f"{lot}:{entry}".encode()).digest()[:8], "big")


def seed_field(entries: Sequence[int], *, lot: int, ratings: Sequence[float] | None = None) -> Field:
    """Return a field seeded by rating, best first, or by the draw where there are no ratings.

    Args:
        entries: ids, in any order.
        lot: the tournament's seed; it also orders equal ratings.
        ratings: one for each entry, in the same order.

    Raises:
        FormatError: an entry is there twice, or there is not one finite rating for each.
    """
    if ratings is None:
        return Field(tuple(sorted(entries, key=lambda entry: draw_lot(lot, entry))), lot=lot)
    if len(ratings) != len(entries):
        raise FormatError(f"{len(ratings)} ratings for {len(entries)} entries")
    rated = sorted(zip(ratings, entries, strict=True), key=lambda pair: (-pair[0], draw_lot(lot, pair[1])))
    return Field(tuple(entry for _, entry in rated), tuple(float(rating) for rating, _ in rated), lot)
