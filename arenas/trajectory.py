"""The drawn form of an episode: what the player shows, recorded without viewer code.

How it works. A trajectory is one JSON object, stored gzip-compressed (`.ctr`) and sent as it is to
the browser. Frame 0 is the state after reset, frame k the state after turn k, so `turns + 1` frames.

Header (every scene):
    format: 1; a new scene or an optional key keeps the number, a change of what is there raises it
    arena: arena id
    scene: "shapes2d" | "board" | "grid" | "panel" | "text" | "frames"
    seats: number of seats
    turns: number of turns (a turn of a Parallel arena is one step of all its seats)
    fps: frames a second at normal speed
    actors: list, one per turn: the seat that acted, or -1 when all acted together
    rewards: list, one per seat: cumulative reward after each turn, a track of thousandths (see below)
    labels: list, one per frame: a few words on what happened ("Yellow drops in column 4"), "" for nothing
    colours: optional list, one per seat: "#rrggbb", or "#rrggbb #rrggbb" for light and dark pages
    thought: optional list, one per seat: how long it thought in each turn it was asked in (those it acted in,
        and those with actor -1), in order: levels n that stand for 2 ** (n / 4) microseconds; a seat that
        dropped out has fewer

A track is a list of integers `[first, delta, delta, ...]`, one per frame, or one bare integer where the
value never changes. Lengths and angles are thousandths (of the arena's unit, of a radian); a whole track is
made of whole numbers (cells, quarter turns, places in a palette).

scene "shapes2d" (Box2D worlds, particle worlds): arena coordinates, y up
    bounds: [left, bottom, right, top] or "follow": the player keeps all bodies with a seat in view
    static: list of shapes, drawn once
    bodies: list of {"shapes": [...], "seat": int | null, "x": track, "y": track, "angle": track,
                     "from": first frame, "to": last frame}; tracks start at frame "from"
    shape: {"kind": "polygon" | "line", "points": [[x, y], ...], "fill": "#rrggbb", "stroke": "#rrggbb"}
           or {"kind": "circle", "x", "y", "r", "fill", "stroke"}; local coordinates, plain floats

scene "board" (boards of cells, one change a turn; pieces glide as in chess):
    style: "connect_four" | "tictactoe" | "chess" | "go" | "grid"
    rows, columns: size
    cells: list of rows * columns glyphs of frame 0, row by row from the top; "" is empty
    changes: list, one per turn: [[cell index, glyph], ...]
    Glyphs: "0", "1", ... for a disc or mark of that seat; for chess FEN letters "P", "n", ...

scene "grid" (worlds of square cells; written by `arenas.recorders.grid`):
    rows, columns: size
    palette: list of looks {"form", "fill", "stroke", "letter", "ink"}, all optional; {} draws nothing;
        a colour is "#rrggbb" or "seat", the colour of the piece's seat
    cells: list of rows * columns places in the palette in frame 0, row by row from the top
    changes: list, one per turn: [cell index, look, cell index, look, ...]
    pieces: list of {"seat": int | null, "look": track, "x": track (column), "y": track (row), "turn": track
                     (quarter turns clockwise, 0 is up), "from", "to"}, whole tracks, those at the back first
    flashes: list of [frame, look, row, column, rows, columns, look, ...]: rectangles of that frame alone

scene "panel" (cards and everything else):
    panels: list, one per frame: null (as before) or [{"title": str, "lines": [str, ...], "seat": int | null}]

scene "text" (environments that only write): monospaced
    texts: list, one per frame: null (as before) or str; SGR colour codes (ESC [ ... m) are kept

scene "frames" (pictures that are made when somebody asks, see `arenas.pictures`): header only
"""

import gzip
import json
import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, Final, TypeAlias

from arenas.errors import ArenaError
from arenas.trajectory_checks import check_trajectory

FORMAT: Final = 1
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
        found = json.loads(text, parse_constant=_no_number)
    except (zlib.error, ValueError, RecursionError) as error:
        raise ArenaError(f"This is no trajectory: {error}.") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ArenaError(f"This is no trajectory of format {FORMAT}.")
    check_trajectory(found)
    return found


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


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
    return whole_track(rounded)


def whole_track(values: Sequence[int]) -> Track:
    """Return a track of whole numbers: first value and differences, bare where nothing changes."""
    if not values or values.count(values[0]) == len(values):
        return values[0] if values else 0
    return [values[0], *(b - a for a, b in pairwise(values))]


def untrack(stored: Track, length: int) -> Sequence[float]:
    """Return the numbers of a track; `length` says how many where the track is one bare integer."""
    if isinstance(stored, int):
        return [stored / THOUSANDTHS] * length
    return [value / THOUSANDTHS for value in accumulate(stored)]
