"""Worlds of square cells: what they look like to their recorder, and the recorder of every one of them.

How it works. A grid says after each turn what lies in every cell, which pieces stand where, and what lights
up for this one frame. Only cells that changed are kept; pieces become tracks at the end. A world is one class
with the methods of `Grid`; `grids.py` lists those that are known.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from arenas.recorders.stage import Colour
from arenas.recorders.timeline import Recorded, Thought, Timeline
from arenas.trajectory import Track, Trajectory, whole_track

Look: TypeAlias = dict[str, str]
Form: TypeAlias = Literal[
    "square", "tile", "circle", "dot", "ring", "diamond", "arrow", "cross", "star",
    "person", "car", "house", "flag", "tree", "wave",
]  # fmt: skip
SEAT: Final = "seat"
"""Stands for the colour of the piece's seat wherever a look names a colour."""
NOTHING: Final[Look] = {}


class Piece(NamedTuple):
    """Something that moves, in one frame."""

    key: int | str
    """Who it is: the same key in the next frame glides there, a key that is missing is gone."""
    look: int
    """Place in the palette; it may change from frame to frame."""
    row: int
    column: int
    turn: int = 0
    """Quarter turns clockwise; 0 looks up."""
    seat: int | None = None


class Flash(NamedTuple):
    """A rectangle of cells that lights up in this frame alone: a beam, a shot, a cell that was hit."""

    look: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1


class Grid(Protocol):
    """One kind of world of cells: made after reset, asked once a frame. Subclass it for the defaults."""

    def palette(self) -> Sequence[Look]:
        """Return all looks of cells, pieces and flashes; asked once, at the start."""

    def cells(self) -> NDArray[np.uint8]:
        """Return places in the palette, uint8 (rows, columns), row 0 at the top; it is not written to."""

    def pieces(self) -> Iterable[Piece]:
        """Return what moves, those at the back first."""
        return ()

    def flashes(self) -> Iterable[Flash]:
        """Return what lights up in this frame; mostly nothing."""
        return ()

    def label(self, actor: int) -> str:
        """Return a few words on the turn that was just made; "" for nothing.

        Args:
            actor: the seat that acted, or -1 when all acted together.
        """
        return ""

    def colours(self) -> Sequence[Colour]:
        """Return a colour for each seat, `#rrggbb`, or nothing where the player's own will do."""
        return ()


def look(
    form: Form = "square", fill: Colour = "", stroke: Colour = "", *, letter: str = "", ink: Colour = ""
) -> Look:
    """Return how something is drawn; the first look of a palette is best `NOTHING`, for empty cells.

    Args:
        form: what is drawn; "arrow", "car" and "person" show where they look.
        fill: `#rrggbb`, `SEAT`, or "" for none.
        stroke: the rim, as fill.
        letter: one to three characters over the form.
        ink: colour of the letter; "" is chosen to be read on the fill.
    """
    named = {"form": form, "fill": fill, "stroke": stroke, "letter": letter, "ink": ink}
    return {name: value for name, value in named.items() if value}


@dataclass(slots=True)
class _Way:
    """Where one piece was, from the frame in which it came."""

    first: int
    seat: int | None
    last: int
    looks: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)

    def add(self, frame: int, piece: Piece) -> None:
        self.last = frame
        self.looks.append(piece.look)
        self.rows.append(piece.row)
        self.columns.append(piece.column)
        self.turns.append(piece.turn)

    def stored(self) -> Trajectory:
        tracks: dict[str, Track] = {
            "look": whole_track(self.looks),
            "x": whole_track(self.columns),
            "y": whole_track(self.rows),
            "turn": whole_track(self.turns),
        }
        return {"seat": self.seat, **tracks, "from": self.first, "to": self.last}


class GridRecorder:
    """Records the cells that change and the ways of the pieces."""

    def __init__(self, make: Callable[[Recorded], Grid]) -> None:
        """Take what makes the `Grid` of an adapter after reset."""
        self._make = make

    def start(self, adapter: Recorded) -> None:
        """Draw frame 0."""
        self._grid = self._make(adapter)
        self._timeline = Timeline(adapter, "grid", colours=self._grid.colours())
        self._palette = list(self._grid.palette())
        self._first = self._cells = np.array(self._grid.cells(), dtype=np.uint8)
        self._changes: list[list[int]] = []
        self._flashes: dict[int, list[int]] = {}
        self._living: dict[int | str, _Way] = {}
        self._ways: list[_Way] = []
        self._move(0)

    def turn(self, adapter: Recorded, actor: int, label: str | None = None) -> None:
        """Draw the frame after a step."""
        cells = self._grid.cells()
        changed = np.flatnonzero(cells != self._cells)
        if len(changed):
            looks = np.asarray(cells).reshape(-1)[changed]
            self._changes.append(np.stack([changed, looks], axis=1).reshape(-1).tolist())
            self._cells = np.array(cells, dtype=np.uint8)
        else:
            self._changes.append([])
        self._move(self._timeline.frames)
        self._timeline.turn(adapter, actor, self._grid.label(actor) if label is None else label)

    def finish(self, thought: Thought = ()) -> bytes:
        """Return the stored trajectory."""
        rows, columns = self._first.shape
        return self._timeline.stored(
            {
                "rows": rows,
                "columns": columns,
                "palette": self._palette,
                "cells": self._first.reshape(-1).tolist(),
                "changes": self._changes,
                "flashes": [[frame, *flat] for frame, flat in self._flashes.items()],
                "pieces": [way.stored() for way in self._ways],
            },
            thought,
        )

    def _move(self, frame: int) -> None:
        living = self._living
        for piece in self._grid.pieces():
            way = living.get(piece.key)
            if way is None or way.last < frame - 1 or way.seat != piece.seat:
                way = living[piece.key] = _Way(frame, piece.seat, frame)
                self._ways.append(way)
            way.add(frame, piece)
        flat = [number for flash in self._grid.flashes() for number in flash]
        if flat:
            self._flashes[frame] = flat
