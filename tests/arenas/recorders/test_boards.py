"""Boards: cells, changes and words follow the moves."""

from dataclasses import replace

import chess
import numpy as np
import pytest
from pettingzoo.classic.chess import chess_utils as utils

from arenas.adapters import open_arena
from arenas.recorders import recorder_for
from arenas.recorders.boards import BoardRecorder, move_words
from arenas.recorders.panel import PanelRecorder
from arenas.trajectory import decode_trajectory, untrack
from tests.arenas.games.harness import baseline, play, spec_named


def record(arena, moves):
    """Return the decoded trajectory of given moves, and the adapter."""
    adapter = open_arena(spec_named(arena))
    recorder = recorder_for(adapter)
    assert isinstance(recorder, BoardRecorder)
    adapter.reset(0)
    recorder.start(adapter)
    for move in moves:
        seat = adapter.asked()[0].seat
        adapter.step({seat: move})
        recorder.turn(adapter, seat)
    return decode_trajectory(recorder.finish()), adapter


def replayed(found):
    """Return the cells after the last turn."""
    cells = list(found["cells"])
    for changes in found["changes"]:
        for cell, glyph in changes:
            cells[cell] = glyph
    return cells


def test_four_discs_in_a_row_are_drawn_and_told():
    found, adapter = record("connect_four-v3", [3, 0, 3, 0, 3, 0, 3])
    assert adapter.is_over
    assert found["labels"][1] == "Red drops in column 4"
    assert found["labels"][-1] == "Red drops in column 4: Red wins"
    assert found["changes"][0] == [[38, "0"]]
    assert found["actors"] == [0, 1, 0, 1, 0, 1, 0]
    cells = replayed(found)
    assert [cells[7 * row + 3] for row in range(6)] == ["", "", "0", "0", "0", "0"]
    assert untrack(found["rewards"][0], 8)[-1] == 1
    assert untrack(found["rewards"][1], 8)[-1] == -1


def test_marks_stand_where_the_environment_draws_them():
    found, _ = record("tictactoe-v3", [0, 1, 6])
    assert replayed(found) == ["0", "", "0", "1", "", "", "", "", ""]
    assert found["labels"] == ["", "X takes top left", "O takes left", "X takes top right"]


@pytest.mark.parametrize("arena", ["connect_four-v3", "tictactoe-v3", "chess-v6"])
def test_changes_lead_to_the_final_board(arena):
    spec = spec_named(arena)
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    play(adapter, [baseline(spec, "random")] * 2, 7, recorder)
    found = decode_trajectory(recorder.finish())
    assert len(found["changes"]) == found["turns"] == adapter.turns
    assert len(found["labels"]) == adapter.turns + 1
    assert len(found["cells"]) == found["rows"] * found["columns"]
    filled = sum(glyph != "" for glyph in replayed(found))
    environment = adapter.environment
    if arena == "chess-v6":
        assert filled == len(environment.board.piece_map())
    else:
        squares = environment.board if arena == "connect_four-v3" else environment.board.squares
        assert filled == sum(owner != 0 for owner in squares)


def test_chess_moves_are_told_in_plain_words():
    spec = spec_named("chess-v6")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    adapter.reset(0)
    recorder.start(adapter)

    for white, move in ((1, "f2f3"), (0, "e7e5"), (1, "g2g4"), (0, "d8h4")):
        utils.legal_moves(adapter.environment.board)  # fills the table of actions
        mirrored = move if white else f"{move[0]}{9 - int(move[1])}{move[2]}{9 - int(move[3])}"
        seat = adapter.asked()[0].seat
        adapter.step({seat: utils.moves_to_actions[mirrored]})
        recorder.turn(adapter, seat)
    found = decode_trajectory(recorder.finish())
    assert found["labels"] == ["", "f2 to f3", "e7 to e5", "g2 to g4", "Queen d8 to h4, mate: Black wins"]
    assert replayed(found)[4 * 8 + 7] == "q"


def test_a_given_label_is_kept():
    adapter = open_arena(spec_named("tictactoe-v3"))
    recorder = recorder_for(adapter)
    adapter.reset(0)
    recorder.start(adapter)
    adapter.step({0: 4})
    recorder.turn(adapter, 0, "Opens in the centre")
    assert decode_trajectory(recorder.finish())["labels"] == ["", "Opens in the centre"]


@pytest.mark.parametrize(
    ("arena", "moves", "twin", "same_moves"),
    [
        ("spiel_connect_four-v1", [3, 0, 3, 0, 3, 0, 3], "connect_four-v3", [3, 0, 3, 0, 3, 0, 3]),
        # PettingZoo counts the cells of tic-tac-toe column by column, OpenSpiel row by row.
        ("spiel_tic_tac_toe-v1", [0, 3, 1, 4, 2], "tictactoe-v3", [0, 1, 3, 4, 6]),
    ],
)
def test_a_board_of_open_spiel_is_drawn_and_told_like_its_twin_of_pettingzoo(arena, moves, twin, same_moves):
    ours, theirs = record(arena, moves)[0], record(twin, same_moves)[0]
    for key in ("style", "rows", "columns", "cells", "changes", "labels", "actors", "rewards"):
        assert ours[key] == theirs[key]
    assert ours["labels"][-1].endswith("wins")


def test_chess_of_open_spiel_is_told_as_the_rules_of_another_library_have_it():
    adapter = open_arena(spec_named("spiel_chess-v1"))
    recorder = recorder_for(adapter)
    kinds = set()
    for seed in range(6):
        rng = np.random.default_rng(seed)
        adapter.reset(seed)
        recorder.start(adapter)
        told = [""]
        while not adapter.is_over:
            seat, state = adapter.asked()[0].seat, adapter.environment.state
            board = chess.Board(str(state))
            actions = np.flatnonzero(adapter.asked()[0].mask)
            moves = [board.parse_san(state.action_to_string(seat, action)) for action in actions]
            rare = [board.is_en_passant(move) or board.is_castling(move) for move in moves]
            chosen = int(rng.choice(np.flatnonzero(rare))) if any(rare) else int(rng.integers(len(moves)))
            action, move = int(actions[chosen]), moves[chosen]
            piece = chess.piece_symbol(board.piece_type_at(move.from_square))
            words = move_words(piece, move.uci(), castles=board.is_castling(move))
            kinds |= {board.is_castling(move) and "castling", move.promotion, board.is_en_passant(move)}
            board.push(move)
            told.append(words + (", mate" if board.is_checkmate() else ", check" if board.is_check() else ""))
            adapter.step({seat: action})
            recorder.turn(adapter, seat)
            assert recorder._cells == [
                str(board.piece_at(s ^ 56) or "").replace("None", "") for s in range(64)
            ]
        found = decode_trajectory(recorder.finish())
        assert [label.partition(":")[0] for label in found["labels"]] == told
        assert found["actors"][:2] == [1, 0]
    assert kinds >= {"castling", chess.QUEEN, chess.KNIGHT, True}


def test_stones_of_go_are_put_down_taken_and_counted():
    corner = [1, 0, 9, 81, 81]  # White's stone in the corner is taken, then both pass
    found, adapter = record("spiel_go_9x9-v1", corner)
    assert (found["style"], found["rows"], found["columns"]) == ("go", 9, 9)
    assert found["labels"] == [
        "",
        "Black plays B1",
        "White plays A1",
        "Black plays A2",
        "White passes",
        "Black passes: Black wins",
    ]
    assert found["changes"][1] == [[72, "1"]]
    assert sorted(found["changes"][2]) == [[63, "0"], [72, ""]]
    assert found["changes"][3:] == [[], []]
    assert adapter.rewards == [1.0, -1.0]


def test_go_of_pettingzoo_is_told_like_its_twin_of_open_spiel():
    # PettingZoo counts its rows from the top: the corner at the bottom left, then around it, then both pass.
    ours, adapter = record("go-v5", [19 * 18 + 1, 19 * 18, 19 * 17, 361, 361])
    theirs, _ = record("spiel_go_9x9-v1", [1, 0, 9, 81, 81])
    assert (ours["style"], ours["rows"], ours["columns"]) == ("go", 19, 19)
    assert ours["labels"] == theirs["labels"]
    assert ours["colours"] == theirs["colours"]
    assert sorted(ours["changes"][2]) == [[19 * 17, "0"], [19 * 18, ""]]
    assert replayed(ours).count("0") == 2
    assert adapter.rewards == [1.0, -1.0]


def test_a_go_board_of_another_size_is_drawn_in_its_size():
    spec = replace(spec_named("spiel_go_9x9-v1"), arguments={"board_size": 5})
    recorder = recorder_for(open_arena(spec))
    assert isinstance(recorder, BoardRecorder)
    assert recorder._board.rows == recorder._board.columns == 5


def test_a_board_that_is_not_square_is_shown_as_text():
    spec = replace(spec_named("spiel_connect_four-v1"), arguments={"rows": 5, "columns": 6})
    assert isinstance(recorder_for(open_arena(spec)), PanelRecorder)
