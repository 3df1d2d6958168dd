"""The legal actions of a seat as people choose them: in words, and where on the board they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from arenas.adapters import Adapter, Asked
from arenas.adapters.open_spiel import Table
from arenas.codec import Discrete
from arenas.recorders.boards import Board, board_of, move_words
from arenas.recorders.spiel_boards import spiel_board_of

_PLACES: Final = (
    *("top left", "top", "top right"),
    *("left", "centre", "right"),
    *("bottom left", "bottom", "bottom right"),
)
_GO_COLUMNS: Final = "ABCDEFGHJKLMNOPQRST"
"""Go leaves out the letter I."""
_RANKS: Final = "23456789TJQKA"
_SUITS: Final = {"S": "♠", "H": "♥", "D": "♦", "C": "♣"}
_WORDS: Final = {
    "rps": ("rock", "paper", "scissors"),
    "leduc_poker": ("fold", "call", "raise"),
    "hanabi": (
        *(f"throw away card {number}" for number in range(5)),
        *(f"play card {number}" for number in range(5)),
        *(f"point out {colour}" for colour in ("red", "yellow", "green", "white", "blue")),
        *(f"point out {number}s" for number in range(1, 6)),
    ),
}
"""Names of all actions by name of the environment, where it has none of its own; the first is action 0."""


@dataclass(frozen=True, slots=True)
class Move:
    """One legal action."""

    action: int
    label: str
    at: tuple[int, ...] = ()
    """Cells of the board, row by row from the top, that stand for it; none where it has no place there."""
    start: int = -1
    """Cell of the piece that moves, which is chosen first; -1 where nothing moves."""


def moves_of(adapter: Adapter, asked: Asked) -> list[Move]:
    """Return what the asked seat may do, in the order of its actions; empty if its space is not Discrete."""
    schema = adapter.action_schemas[asked.seat]
    if not isinstance(schema, Discrete):
        return []
    mask = np.ones(schema.n, np.int8) if asked.mask is None else np.asarray(asked.mask)
    legal = [int(index) + schema.start for index in np.flatnonzero(mask)]
    labels = {control.action: control.label for control in adapter.spec.controls}
    if labels:
        if adapter.spec.idle_action is not None:
            labels.setdefault(adapter.spec.idle_action, "wait")
        return [Move(action, labels.get(action, f"action {action}")) for action in legal]
    board = board_of(adapter) or spiel_board_of(adapter)
    placed = _PLACED.get(board.style) if board else None
    if board and placed:
        return placed(adapter.environment, board, asked.seat, legal)
    environment = adapter.environment
    words = _WORDS.get(environment.name if isinstance(environment, Table) else _name_of(environment), ())
    if len(words) == schema.n:
        return [Move(action, words[action]) for action in legal]
    return [Move(action, label) for action, label in _named(environment, asked.seat, legal)]


def _columns(_: Any, board: Board, __: int, legal: list[int]) -> list[Move]:  # Any: untyped environments.
    def cells(column: int) -> tuple[int, ...]:
        return tuple(row * board.columns + column for row in range(board.rows))

    return [Move(action, f"column {action + 1}", cells(action)) for action in legal]


def _cells(environment: Any, _: Board, __: int, legal: list[int]) -> list[Move]:  # Any: as above.
    # PettingZoo counts its cells column by column, OpenSpiel row by row.
    by_rows = isinstance(environment, Table)
    cell = {action: action if by_rows else 3 * (action % 3) + action // 3 for action in legal}
    return [Move(action, _PLACES[cell[action]], (cell[action],)) for action in legal]


def _points(environment: Any, board: Board, _: int, legal: list[int]) -> list[Move]:  # Any: as above.
    moves = []
    for action in legal:
        row, column = divmod(action, board.columns)
        if row >= board.rows:
            moves.append(Move(action, "pass"))
            continue
        # OpenSpiel counts its rows from the bottom, as people do; PettingZoo from the top.
        from_top = board.rows - 1 - row if isinstance(environment, Table) else row
        label = f"{_GO_COLUMNS[column]}{board.rows - from_top}"
        moves.append(Move(action, label, (from_top * board.columns + column,)))
    return moves


def _chess(environment: Any, _: Board, seat: int, legal: list[int]) -> list[Move]:  # Any: as above.
    import chess  # It takes 40 ms, and only those who play chess need it.

    if isinstance(environment, Table):
        position = chess.Board(str(environment.state))
        found = {a: position.parse_san(environment.state.action_to_string(seat, a)) for a in legal}
    else:
        from pettingzoo.classic.chess import chess_utils

        position = environment.board
        found = {action: chess_utils.action_to_move(position, action, seat) for action in legal}
    moves = []
    for action, move in found.items():
        piece = position.piece_at(move.from_square)
        symbol = piece.symbol().lower() if piece else "p"
        label = move_words(symbol, move.uci(), castles=position.is_castling(move))
        start, end = (8 * (7 - square // 8) + square % 8 for square in (move.from_square, move.to_square))
        moves.append(Move(action, label, (end,), start))
    return moves


_PLACED: Final[dict[str, Callable[[Any, Board, int, list[int]], list[Move]]]] = {  # Any: as above.
    "connect_four": _columns,
    "tictactoe": _cells,
    "go": _points,
    "chess": _chess,
}


def _named(environment: Any, seat: int, legal: list[int]) -> Iterable[tuple[int, str]]:  # Any: as above.
    """Return a name for each action: what OpenSpiel or RLCard calls it, or its number."""
    if isinstance(environment, Table):
        state = environment.state
        return [(action, _card_or_words(str(state.action_to_string(seat, action)))) for action in legal]
    table: Any = getattr(environment, "env", None)
    if hasattr(table, "get_state"):
        state = table.get_state(seat)
        words = dict(zip(state["legal_actions"], state["raw_legal_actions"], strict=False))
        return [(action, _spoken(words.get(action, action))) for action in legal]
    return [(action, f"action {action}") for action in legal]


def _card_or_words(text: str) -> str:
    """Return a card as people write it, `10♠` for OpenSpiel's TS; anything else without its brackets."""
    if len(text) == 2 and text[0] in _RANKS and text[1] in _SUITS:
        return f"{'10' if text[0] == 'T' else text[0]}{_SUITS[text[1]]}"
    return text.strip("()")


def _name_of(environment: Any) -> str:  # Any: as above.
    known = str((getattr(environment, "metadata", None) or {}).get("name", ""))
    return known.rpartition("_v")[0]


def _spoken(word: object) -> str:
    """Return what RLCard calls an action, without the underscores and class names of its code."""
    name = getattr(word, "name", word)
    return f"action {name}" if isinstance(name, int) else str(name).replace("_", " ").lower()
