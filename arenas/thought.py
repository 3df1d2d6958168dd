"""How long agents thought in each turn, in a byte a turn.

A level n stands for 2 ** (n / 4) microseconds: 40 is a millisecond, 80 a second. It is right to 9 %, and the
levels of a steady agent repeat, so that compressed they take about half a byte.
"""

import math
import struct
from collections.abc import Sequence
from typing import Final

_COUNT: Final = struct.Struct("<I")
HIGHEST: Final = 200
"""Some thirty years."""


def levels_of(seconds: Sequence[Sequence[float]]) -> list[list[int]]:
    """Return the levels of each seat's turns."""
    return [[level_of(turn) for turn in seat] for seat in seconds]


def level_of(seconds: float) -> int:
    """Return the level of one turn; 0 for a microsecond or less."""
    return min(HIGHEST, max(0, round(4 * math.log2(seconds * 1e6)))) if seconds > 1e-6 else 0


def pack_levels(levels: Sequence[Sequence[int]]) -> bytes:
    """Return levels as bytes: for each seat the number of its turns (uint32) and a byte a turn."""
    return b"".join([_COUNT.pack(len(seat)) + bytes(seat) for seat in levels])


def unpack_levels(packed: bytes) -> list[list[int]]:
    """Return what was packed; what is cut off or no level is left out, for it is only shown."""
    found: list[list[int]] = []
    at = 0
    while at + _COUNT.size <= len(packed):
        (count,) = _COUNT.unpack_from(packed, at)
        at += _COUNT.size
        found.append([min(HIGHEST, level) for level in packed[at : at + count]])
        at += count
    return found
