"""Boards: cells, changes and words follow the moves."""

import pytest
from pettingzoo.classic.chess import chess_utils as utils

from arenas.adapters import open_arena
from arenas.recorders import recorder_for
from arenas.recorders.boards import BoardRecorder
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
