"""Looks through the JSON object of a trajectory: a file may come from anywhere and hold anything.

The player has the same checks in `frontend/static/js/replay/check.js`.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from arenas.errors import ArenaError

SCENES: Final = ("shapes2d", "board", "grid", "panel", "text", "frames")
MOST_FRAMES: Final = 200_000
MOST_SEATS: Final = 1000
MOST_CELLS: Final = 65_536
_LARGEST: Final = 2**53

Found = Mapping[str, Any]  # Any: JSON of unknown origin.


def check_trajectory(found: Found) -> None:
    """Look through a trajectory's object.

    Raises:
        ArenaError: something does not fit; the message says what.
    """
    scene = found.get("scene")
    if not isinstance(scene, str) or scene not in SCENES:
        raise ArenaError("The trajectory's header is incomplete: it has no scene that is known.")
    _check_header(found)
    _CHECKS[scene](found)


def _need(fits: bool, words: str) -> None:
    if not fits:
        raise ArenaError(f"The trajectory is broken: {words}.")


def _is_count(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def _is_number(value: object) -> bool:
    # JSON may hold whole numbers that no float holds, and numbers that become infinite.
    return abs(value) <= _LARGEST if type(value) is int else type(value) is float and math.isfinite(value)


def _is_track(value: object, length: int) -> bool:
    if _is_number(value):
        return True
    return isinstance(value, list) and len(value) == length and all(map(_is_number, value))


def _is_list(value: object, length: int, fits: Callable[[Any], bool]) -> bool:
    """Say whether a value is a list of so many (-1: any number) elements that all fit."""
    return isinstance(value, list) and length in (-1, len(value)) and all(map(fits, value))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _check_header(found: Found) -> None:
    turns, seats = found.get("turns"), found.get("seats")
    _need(_is_count(turns, MOST_FRAMES) and _is_count(seats, MOST_SEATS), "turns or seats are no counts")
    assert isinstance(turns, int)
    assert isinstance(seats, int)
    _need(seats > 0, "nobody sits in it")
    actors = found.get("actors")
    _need(_is_list(actors, turns, lambda seat: seat == -1 or _is_count(seat, seats - 1)), "its actors")
    _need(_is_list(found.get("labels"), turns + 1, _is_text), "its labels do not fit its turns")
    rewards = found.get("rewards")
    _need(_is_list(rewards, seats, lambda track: _is_track(track, turns + 1)), "its rewards do not fit")
    _need(_is_list(found.get("colours", [""] * seats), seats, _is_text), "its colours do not fit its seats")
    thought = found.get("thought", [[]] * seats)
    levels: Callable[[Any], bool] = lambda track: (  # noqa: E731 - named to be read below
        _is_list(track, -1, lambda level: _is_count(level, 200)) and len(track) <= turns
    )
    _need(_is_list(thought, seats, levels), "its times of thought do not fit its turns")


def _check_span(body: object, found: Found, tracks: tuple[str, ...]) -> None:
    _need(isinstance(body, dict), "a body is nothing")
    assert isinstance(body, dict)
    seat, first, last = body.get("seat"), body.get("from", 0), body.get("to", found["turns"])
    _need(seat is None or _is_count(seat, found["seats"] - 1), "a body belongs to a seat that is not there")
    fits = _is_count(first, found["turns"]) and _is_count(last, found["turns"]) and first <= last
    _need(fits, "a body comes or goes at no frame")
    _need(
        all(_is_track(body.get(name, 0), last - first + 1) for name in tracks), "a track has the wrong length"
    )


def _is_shape(shape: object) -> bool:
    if not isinstance(shape, dict):
        return False
    if shape.get("kind") == "circle":
        return all(_is_number(shape.get(name)) for name in ("x", "y", "r")) and shape["r"] >= 0
    is_point: Callable[[Any], bool] = lambda point: _is_list(point, 2, _is_number)  # noqa: E731 - as above
    return shape.get("kind") in ("polygon", "line") and _is_list(shape.get("points"), -1, is_point)


def _check_shapes(found: Found) -> None:
    bounds = found.get("bounds")
    if bounds != "follow":
        _need(_is_list(bounds, 4, _is_number), "its bounds are no rectangle")
        left, bottom, right, top = bounds  # type: ignore[misc]  # four numbers
        _need(left < right and bottom < top, "its bounds are no rectangle")
    _need(_is_list(found.get("static", []), -1, _is_shape), "something that stands still has no shape")
    _need(_is_list(found.get("bodies"), -1, lambda body: isinstance(body, dict)), "its bodies")
    for body in found["bodies"]:
        _need(_is_list(body.get("shapes"), -1, _is_shape), "a body has no shape")
        _check_span(body, found, ("x", "y", "angle"))


def _cells(found: Found) -> int:
    rows, columns = found.get("rows"), found.get("columns")
    _need(_is_count(rows, MOST_CELLS) and _is_count(columns, MOST_CELLS), "its board has no size")
    assert isinstance(rows, int)
    assert isinstance(columns, int)
    _need(0 < rows * columns <= MOST_CELLS, "its board is larger than a page can show")
    return rows * columns


def _check_board(found: Found) -> None:
    cells = _cells(found)
    _need(_is_list(found.get("cells"), cells, _is_text), "its cells do not fill the board")

    def is_change(change: object) -> bool:
        return isinstance(change, list) and len(change) == 2 and _is_count(change[0], cells - 1)

    def is_turn(turn: object) -> bool:
        return _is_list(turn, -1, lambda change: is_change(change) and _is_text(change[1]))

    _need(_is_list(found.get("changes"), found["turns"], is_turn), "a turn changes a cell that is not there")


def _check_grid(found: Found) -> None:
    cells = _cells(found)
    palette = found.get("palette")
    _need(_is_list(palette, -1, lambda look: isinstance(look, dict)) and bool(palette), "its palette")
    assert isinstance(palette, list)
    last = len(palette) - 1

    def is_turn(turn: object) -> bool:
        if not isinstance(turn, list) or len(turn) % 2:
            return False
        return all(_is_count(cell, cells - 1) for cell in turn[::2]) and all(
            _is_count(look, last) for look in turn[1::2]
        )

    def is_flash(flash: object) -> bool:
        fits = isinstance(flash, list) and len(flash) % 5 == 1 and _is_list(flash, -1, _is_number)
        return fits and all(_is_count(look, last) for look in flash[1::5])  # type: ignore[index]  # a list

    _need(_is_list(found.get("cells"), cells, lambda look: _is_count(look, last)), "its cells")
    _need(_is_list(found.get("changes"), found["turns"], is_turn), "a turn changes a cell that is not there")
    _need(_is_list(found.get("flashes", []), -1, is_flash), "something lights up outside the grid")
    _need(isinstance(found.get("pieces", []), list), "its pieces")
    for piece in found.get("pieces", []):
        _check_span(piece, found, ("look", "x", "y", "turn"))


def _check_panel(found: Found) -> None:
    def is_panel(panel: object) -> bool:
        return (
            isinstance(panel, dict)
            and _is_text(panel.get("title"))
            and _is_list(panel.get("lines"), -1, _is_text)
            and (panel.get("seat") is None or _is_count(panel["seat"], found["seats"] - 1))
        )

    def is_frame(frame: object) -> bool:
        return frame is None or _is_list(frame, -1, is_panel)

    _need(_is_list(found.get("panels"), found["turns"] + 1, is_frame), "its panels do not fit its turns")


def _check_text(found: Found) -> None:
    fits = _is_list(found.get("texts"), found["turns"] + 1, lambda text: text is None or _is_text(text))
    _need(fits, "its texts do not fit its turns")


_CHECKS: Final[Mapping[str, Callable[[Found], None]]] = {
    "shapes2d": _check_shapes,
    "board": _check_board,
    "grid": _check_grid,
    "panel": _check_panel,
    "text": _check_text,
    "frames": lambda _: None,
}
