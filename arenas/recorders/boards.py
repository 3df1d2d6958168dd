"""Boards of cells: PettingZoo's connect four, tic-tac-toe, chess and go, and the recorder of every board."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from arenas.recorders.timeline import Recorded, Thought, Timeline

_PIECES: Final = {"p": "", "n": "Knight ", "b": "Bishop ", "r": "Rook ", "q": "Queen ", "k": "King "}
DISCS: Final = ("Red", "Yellow")
MARKS: Final = ("X", "O")
_COLOURS: Final = ("White", "Black")
DISC_COLOURS: Final = ("#d8412f", "#e8b31a")
DARK_PIECES: Final = "#3b3340 #84788d"
LIGHT_PIECES: Final = "#d3c09a #f4ead6"
STONES: Final = ("Black", "White")
_STONES: Final = ("", "0", "1")
"""Glyphs of PettingZoo's numbers: 0 empty, 1 black, -1 white."""
_COLUMNS: Final = "ABCDEFGHJKLMNOPQRST"
"""Go leaves out the letter I."""
_PLACES: Final = (
    *("top left", "top", "top right"),
    *("left", "centre", "right"),
    *("bottom left", "bottom", "bottom right"),
)

Changes = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Board:
    """How to read one kind of board."""

    style: str
    rows: int
    columns: int
    cells: Callable[[Any], list[str]]  # Any: the raw environment, untyped.
    """Return the glyphs of all cells, row by row from the top."""
    label: Callable[[Any, int, Changes, list[str]], str]
    """Return the words for a turn: raw environment, seat that acted, cells that changed, cells before."""
    names: tuple[str, str]
    colours: tuple[str, ...] = ()
    """Of the seats' discs, stones or pieces, as in a trajectory's header."""


def _four_cells(environment: Any) -> list[str]:  # Any: as above.
    return ["" if owner == 0 else str(owner - 1) for owner in environment.board]


def four_label(_: Any, seat: int, changes: Changes, __: list[str]) -> str:  # Any: as above.
    """Return which column a disc fell into."""
    return f"{DISCS[seat]} drops in column {changes[0][0] % 7 + 1}" if changes else ""


def _three_cells(environment: Any) -> list[str]:  # Any: as above.
    # The environment counts its cells column by column.
    owners = environment.board.squares
    return [
        "" if (owner := owners[3 * column + row]) == 0 else str(owner - 1)
        for row in range(3)
        for column in range(3)
    ]


def three_label(_: Any, seat: int, changes: Changes, __: list[str]) -> str:  # Any: as above.
    """Return which cell was marked."""
    return f"{MARKS[seat]} takes {_PLACES[changes[0][0]]}" if changes else ""


def _chess_cells(environment: Any) -> list[str]:  # Any: as above.
    cells: list[str] = []
    for glyph in environment.board.board_fen():
        if glyph.isdigit():
            cells += [""] * int(glyph)
        elif glyph != "/":
            cells.append(glyph)
    return cells


def _chess_label(environment: Any, _: int, changes: Changes, __: list[str]) -> str:  # Any: as above.
    board = environment.board
    if not changes or not board.move_stack:
        return ""
    move = board.peek()
    piece = board.piece_at(move.to_square).symbol().lower()
    words = move_words(piece, move.uci(), castles=abs(move.from_square - move.to_square) == 2)
    if board.is_checkmate():
        return words + ", mate"
    return words + ", check" if board.is_check() else words


def move_words(piece: str, move: str, *, castles: bool) -> str:
    """Return a move of chess in plain words.

    Args:
        piece: letter of the piece that stands on the last square now.
        move: both squares, and the letter of the promoted piece if there is one: `e2e4`, `b7b8q`.
        castles: whether a king that made this move castled.
    """
    start, end, promoted = move[:2], move[2:4], move[4:]
    if piece == "k" and castles:
        return "Castles short" if end[0] == "g" else "Castles long"
    if promoted:
        return f"{start} to {end}, becomes a {_PIECES[promoted].strip().lower()}"
    return f"{_PIECES[piece]}{start} to {end}"


def _go_cells(environment: Any) -> list[str]:  # Any: as above.
    return [_STONES[stone] for stone in environment._go.board.ravel().tolist()]


def _go_label(environment: Any, seat: int, _: Changes, __: list[str]) -> str:  # Any: as above.
    place = environment._go.recent[-1].move
    return stone_words(seat, None if place is None else (place[1], environment._N - place[0]))


def stone_words(seat: int, place: tuple[int, int] | None) -> str:
    """Return a move of go in words.

    Args:
        seat: 0 plays Black.
        place: column from 0 at the left and line from 1 at the bottom; None for a pass.
    """
    colour = STONES[seat]
    return f"{colour} passes" if place is None else f"{colour} plays {_COLUMNS[place[0]]}{place[1]}"


_BOARDS: Final = {
    "connect_four": Board("connect_four", 6, 7, _four_cells, four_label, DISCS, DISC_COLOURS),
    "tictactoe": Board("tictactoe", 3, 3, _three_cells, three_label, MARKS),
    "go": Board("go", 19, 19, _go_cells, _go_label, STONES, (DARK_PIECES, LIGHT_PIECES)),
    "chess": Board("chess", 8, 8, _chess_cells, _chess_label, _COLOURS, (LIGHT_PIECES, DARK_PIECES)),
}


def board_of(adapter: Recorded) -> Board | None:
    """Return how to read the environment's board, or None where it is not a known one."""
    known = str((getattr(adapter.environment, "metadata", None) or {}).get("name", ""))
    board = _BOARDS.get(known.rpartition("_v")[0])
    size = getattr(adapter.environment, "_N", 0)
    return replace(board, rows=size, columns=size) if board and size else board


class BoardRecorder:
    """Records the cells that change, and says each move in words."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def start(self, adapter: Recorded) -> None:
        """Draw the board after reset."""
        self._timeline = Timeline(adapter, "board", colours=self._board.colours)
        self._first = self._cells = self._board.cells(adapter.environment)
        self._changes: list[Changes] = []

    def turn(self, adapter: Recorded, actor: int, label: str | None = None) -> None:
        """Draw the cells that changed."""
        cells = self._board.cells(adapter.environment)
        changes = [
            (i, new) for i, (old, new) in enumerate(zip(self._cells, cells, strict=True)) if old != new
        ]
        if label is None:
            label = self._board.label(adapter.environment, actor, changes, self._cells)
            label += self._ending(adapter)
        self._cells = cells
        self._changes.append(changes)
        self._timeline.turn(adapter, actor, label)

    def finish(self, thought: Thought = ()) -> bytes:
        """Return the stored trajectory."""
        board = self._board
        return self._timeline.stored(
            {
                "style": board.style,
                "rows": board.rows,
                "columns": board.columns,
                "cells": self._first,
                "changes": self._changes,
            },
            thought,
        )

    def _ending(self, adapter: Recorded) -> str:
        if not adapter.is_over:
            return ""
        first, second = adapter.rewards[:2]
        if first == second:
            return ": a draw"
        return f": {self._board.names[0 if first > second else 1]} wins"
