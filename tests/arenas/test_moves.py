"""Legal actions in words and on the board: what is offered is what is legal, and lies where it acts."""

from dataclasses import replace

import numpy as np
import pytest

from arenas import registry
from arenas.adapters import open_arena
from arenas.moves import moves_of
from arenas.recorders.boards import board_of
from arenas.recorders.spiel_boards import spiel_board_of
from arenas.spec import ArenaSpec, Control

BOARDS = (
    *("connect_four-v3", "tictactoe-v3", "chess-v6", "go-v5"),
    *("spiel_connect_four-v1", "spiel_tic_tac_toe-v1", "spiel_chess-v1", "spiel_go_9x9-v1"),
)
TURNS = 40
RANKS = {*"23456789JQKA", "10"}


def cells_of(adapter):
    board = board_of(adapter) or spiel_board_of(adapter)
    return board.cells(adapter.environment)


@pytest.mark.parametrize("arena", BOARDS)
def test_a_move_on_a_board_changes_the_cells_that_stand_for_it(arena):
    adapter = open_arena(registry.get(arena))
    adapter.reset(1)
    rng = np.random.default_rng(1)
    for _ in range(TURNS):
        if not (asked := adapter.asked()):
            break
        moves = moves_of(adapter, asked[0])
        assert [move.action for move in moves] == list(np.flatnonzero(asked[0].mask))
        assert len({move.label for move in moves}) == len(moves)
        move = moves[rng.integers(len(moves))]
        before = cells_of(adapter)
        adapter.step({asked[0].seat: move.action})
        changed = {cell for cell, glyph in enumerate(cells_of(adapter)) if glyph != before[cell]}
        assert changed & set(move.at) or move.label == "pass"
        assert move.start < 0 or move.start in changed
    adapter.close()


@pytest.mark.parametrize(
    ("arena", "labels"),
    [
        ("connect_four-v3", ["column 1", "column 2"]),
        ("tictactoe-v3", ["top left", "left"]),
        ("spiel_tic_tac_toe-v1", ["top left", "top"]),
        ("spiel_go_9x9-v1", ["A1", "B1"]),
        ("spiel_chess-v1", ["a2 to a3", "a2 to a4"]),
        ("hanabi-v5", ["play card 0", "play card 1"]),
        ("spiel_hanabi-v1", ["play card 0", "play card 1"]),
        ("leduc_holdem-v4", ["call", "raise"]),
        ("spiel_leduc-v1", ["call", "raise"]),
    ],
)
def test_moves_have_the_words_people_use(arena, labels):
    adapter = open_arena(registry.get(arena))
    adapter.reset(3)
    assert [move.label for move in moves_of(adapter, adapter.asked()[0])][:2] == labels


def test_cards_are_written_with_their_suits_and_ten_as_a_number():
    adapter = open_arena(registry.get("spiel_hearts-v1"))
    adapter.reset(3)
    labels = [move.label for move in moves_of(adapter, adapter.asked()[0])]
    assert all(label[-1] in "♠♥♦♣" and label[:-1] in RANKS for label in labels)


def test_controls_name_the_actions_and_the_idle_one_waits():
    spec = replace(registry.get("CartPole-v1"), controls=(Control(1, "right", ("d",)),), idle_action=0)
    adapter = open_arena(spec)
    adapter.reset(1)
    assert [(m.action, m.label) for m in moves_of(adapter, adapter.asked()[0])] == [(0, "wait"), (1, "right")]


def test_an_action_without_a_name_has_its_number():
    adapter = open_arena(replace(registry.get("CartPole-v1"), controls=(), idle_action=None))
    adapter.reset(1)
    assert [move.label for move in moves_of(adapter, adapter.asked()[0])] == ["action 0", "action 1"]


def test_numbers_are_no_moves():
    adapter = open_arena(registry.get("BipedalWalker-v3"))
    adapter.reset(1)
    assert moves_of(adapter, adapter.asked()[0]) == []


def test_a_promotion_offers_every_piece_on_the_same_two_squares():
    spec = ArenaSpec(
        id="late_chess-v0",
        title="Chess",
        summary="From a position.",
        kind="open_spiel",
        environment="chess",
        seats=2,
        objective="outcome",
    )
    adapter = open_arena(spec)
    adapter.reset(1)
    state = adapter.environment.state
    for text in ["h4", "g5", "hxg5", "h6", "gxh6", "Nc6", "h7", "Ne5"]:
        legal = {state.action_to_string(state.current_player(), a): a for a in state.legal_actions()}
        adapter.step({adapter.asked()[0].seat: legal[text]})
    moves = [move for move in moves_of(adapter, adapter.asked()[0]) if "becomes" in move.label]
    assert {move.label.rpartition(" ")[2] for move in moves} == {"queen", "rook", "bishop", "knight"}
    assert {(move.start, move.at) for move in moves} == {(15, (6,))}
