"""Boards of OpenSpiel's games: connect four, tic-tac-toe, chess, go; read from the text of the state."""

from dataclasses import replace
from typing import Final

from arenas.adapters.open_spiel import Table
from arenas.recorders.boards import (
    DARK_PIECES,
    DISC_COLOURS,
    DISCS,
    LIGHT_PIECES,
    MARKS,
    STONES,
    Board,
    Changes,
    four_label,
    move_words,
    stone_words,
    three_label,
)
from arenas.recorders.timeline import Recorded

_GLYPHS: Final = {"x": "0", "o": "1", "X": "0", "O": "1"}
_FILES: Final = "abcdefgh"
_MOVES_OF_A_SQUARE: Final = 73
_CASTLING: Final = 64 * _MOVES_OF_A_SQUARE
_KING_HOMES: Final = (4, 60)
"""Cells of Black's and White's king before it moves; seat 1 plays White."""
_BLACK_FIRST: Final = (DARK_PIECES, LIGHT_PIECES)


def _grid_cells(table: Table) -> list[str]:
    return [_GLYPHS.get(glyph, "") for line in str(table.state).split() for glyph in line]


def _chess_cells(table: Table) -> list[str]:
    cells: list[str] = []
    for glyph in str(table.state).split()[0]:
        if glyph.isdigit():
            cells += [""] * int(glyph)
        elif glyph != "/":
            cells.append(glyph)
    return cells


def _chess_label(table: Table, seat: int, changes: Changes, before: list[str]) -> str:
    if not changes:
        return ""
    castles = table.last_action >= _CASTLING
    placed = {cell: glyph for cell, glyph in changes if glyph}
    end = next(cell for cell, glyph in placed.items() if not castles or glyph in "Kk")
    start = _chess_start(table.last_action, seat) if not castles else _KING_HOMES[seat]
    piece = before[start].lower()
    promoted = placed[end].lower() if placed[end].lower() != piece else ""
    words = move_words(piece, f"{_square(start)}{_square(end)}{promoted}", castles=castles)
    if table.state.is_terminal() and any(table.state.returns()):
        return words + ", mate"
    return words + ", check" if _is_check(table, 1 - seat) else words


def _chess_start(action: int, seat: int) -> int:
    """Return the cell a move starts from; actions are turned for seat 0, who plays Black."""
    file, rank = divmod(action // _MOVES_OF_A_SQUARE, 8)
    return 8 * (7 - rank if seat == 1 else rank) + file


def _square(cell: int) -> str:
    return f"{_FILES[cell % 8]}{8 - cell // 8}"


def _is_check(table: Table, seat: int) -> bool:
    import chess  # It takes 40 ms, and only those who draw a game of chess need it.

    board = chess.BaseBoard(str(table.state).split()[0])
    king = board.king(seat == 1)
    return king is not None and board.is_attacked_by(seat == 0, king)


def _go_cells(table: Table) -> list[str]:
    numbered = [row.split() for row in str(table.state).splitlines() if row[:2].strip().isdigit()]
    return [_GLYPHS.get(glyph, "") for _, row in numbered for glyph in row]


def _go_label(table: Table, seat: int, _: Changes, before: list[str]) -> str:
    size = int(len(before) ** 0.5)
    row, column = divmod(table.last_action, size)
    return stone_words(seat, None if row == size else (column, row + 1))


_BOARDS: Final = {
    "connect_four": Board("connect_four", 6, 7, _grid_cells, four_label, DISCS, DISC_COLOURS),
    "tic_tac_toe": Board("tictactoe", 3, 3, _grid_cells, three_label, MARKS),
    "chess": Board("chess", 8, 8, _chess_cells, _chess_label, ("Black", "White"), _BLACK_FIRST),
    "go": Board("go", 19, 19, _go_cells, _go_label, STONES, _BLACK_FIRST),
}


def spiel_board_of(adapter: Recorded) -> Board | None:
    """Return how to read the board of a game of OpenSpiel, or None where it is not a known one."""
    table = adapter.environment
    board = _BOARDS.get(table.name) if isinstance(table, Table) else None
    if board is None:
        return None
    cells = len(board.cells(table))
    if cells == board.rows * board.columns:
        return board
    # Some games come in several sizes; all of those with a board here are square then.
    size = int(cells**0.5)
    return replace(board, rows=size, columns=size) if size * size == cells else None
