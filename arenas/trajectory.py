"""The drawn form of an episode: what the player shows, recorded without viewer code.

How it works. A trajectory is one JSON object, stored gzip-compressed and sent as it is to the browser.
Frame 0 is the state after reset, frame k the state after turn k, so `turns + 1` frames.

Header (every scene):
    format: 1
    arena: arena id
    scene: "shapes2d" | "board" | "panel"
    seats: number of seats
    turns: number of turns (a turn of a Parallel arena is one step of all its seats)
    fps: frames a second at normal speed
    actors: list, one per turn: the seat that acted, or -1 when all acted together
    rewards: list, one per seat: cumulative reward after each turn, a track of thousandths (see below)
    labels: list, one per frame: a few words on what happened ("Yellow drops in column 4"), "" for nothing

A track is a list of integers `[first, delta, delta, ...]`, one per frame, or one bare integer where the
value never changes. Lengths and angles are thousandths (of the arena's unit, of a radian).

scene "shapes2d" (Box2D worlds, particle worlds): arena coordinates, y up
    bounds: [left, bottom, right, top] or "follow": the player keeps all bodies with a seat in view
    static: list of shapes, drawn once
    bodies: list of {"shapes": [...], "seat": int | null, "x": track, "y": track, "angle": track,
                     "from": first frame, "to": last frame}; tracks start at frame "from"
    shape: {"kind": "polygon" | "line", "points": [[x, y], ...], "fill": "#rrggbb", "stroke": "#rrggbb"}
           or {"kind": "circle", "x", "y", "r", "fill", "stroke"}; local coordinates, plain floats

scene "board" (boards of cells):
    style: "connect_four" | "tictactoe" | "chess" | "go" | "grid"
    rows, columns: size
    cells: list of rows * columns glyphs of frame 0, row by row from the top; "" is empty
    changes: list, one per turn: [[cell index, glyph], ...]
    Glyphs: "0", "1", ... for a disc or mark of that seat; for chess FEN letters "P", "n", ...

scene "panel" (cards and everything else):
    panels: list, one per frame: null (as before) or [{"title": str, "lines": [str, ...], "seat": int | null}]
"""

import gzip
import json
import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, Final, TypeAlias

from arenas.errors import ArenaError

FORMAT: Final = 1
SCENES: Final = ("shapes2d", "board", "panel")
MAX_BYTES: Final = 32 * 1024 * 1024
"""A trajectory that unpacks to more than this is refused."""
THOUSANDTHS: Final = 1000

Trajectory: TypeAlias = dict[str, Any]  # Any: a JSON object, as described above.
Track: TypeAlias = int | list[int]


def encode_trajectory(trajectory: Mapping[str, object]) -> bytes:
    """Return the stored form: compact JSON, gzip with no time stamp, so equal input gives equal bytes."""
    text = json.dumps(trajectory, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def decode_trajectory(stored: bytes, limit: int = MAX_BYTES) -> Trajectory:
    """Return the JSON object of a stored trajectory.

    Args:
        stored: what `encode_trajectory` gave.
        limit: bytes it may unpack to.

    Raises:
        ArenaError: it is no trajectory, of another version, cut short, or larger than the limit.
    """
    unpacker = zlib.decompressobj(wbits=31)
    try:
        text = unpacker.decompress(stored, limit)
        if unpacker.unconsumed_tail or not unpacker.eof:
            raise ArenaError(f"The trajectory is cut short or unpacks to more than {limit} bytes.")
        found = json.loads(text)
    except (zlib.error, ValueError, RecursionError) as error:
        raise ArenaError(f"This is no trajectory: {error}.") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ArenaError(f"This is no trajectory of format {FORMAT}.")
    _check_header(found)
    return found


def _check_header(found: Trajectory) -> None:
    turns, seats = found.get("turns"), found.get("seats")
    if found.get("scene") not in SCENES or not isinstance(turns, int) or not isinstance(seats, int):
        raise ArenaError("The trajectory's header is incomplete.")
    for key, length in (("actors", turns), ("labels", turns + 1), ("rewards", seats)):
        listed = found.get(key)
        if not isinstance(listed, list) or len(listed) != length:
            raise ArenaError(f"The trajectory's {key} do not have {length} elements.")


def track(values: Iterable[float]) -> Track:
    """Return a track of numbers: thousandths, first value and differences, bare where nothing changes.

    Rounding is done before the differences are taken, so errors never add up. What is no finite number
    keeps the value before it.
    """
    rounded: list[int] = []
    last = 0
    for value in values:
        if math.isfinite(value):
            last = round(value * THOUSANDTHS)
        rounded.append(last)
    if not rounded or rounded.count(rounded[0]) == len(rounded):
        return rounded[0] if rounded else 0
    return [rounded[0], *(b - a for a, b in pairwise(rounded))]


def untrack(stored: Track, length: int) -> Sequence[float]:
    """Return the numbers of a track; `length` says how many where the track is one bare integer."""
    if isinstance(stored, int):
        return [stored / THOUSANDTHS] * length
    return [value / THOUSANDTHS for value in accumulate(stored)]
