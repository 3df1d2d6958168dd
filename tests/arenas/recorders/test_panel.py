"""Panels: cards in words, and a fallback for everything else."""

import re
from dataclasses import replace

import gymnasium
import numpy as np
import pytest

from arenas.adapters import open_arena
from arenas.recorders import recorder_for
from arenas.recorders.panel import PanelRecorder
from arenas.spec import ArenaSpec
from arenas.trajectory import decode_trajectory
from tests.arenas.games.harness import baseline, play, spec_named


def test_cards_chips_and_pot_are_told():
    adapter = open_arena(spec_named("leduc_holdem-v4"))
    recorder = recorder_for(adapter)
    assert isinstance(recorder, PanelRecorder)
    adapter.reset(1)
    recorder.start(adapter)
    raiser = adapter.asked()[0].seat
    adapter.step({raiser: 1})
    recorder.turn(adapter, raiser)
    folder = adapter.asked()[0].seat
    adapter.step({folder: 2})
    recorder.turn(adapter, folder)
    found = decode_trajectory(recorder.finish())
    assert found["labels"] == ["", f"Seat {raiser + 1} raises to 4", f"Seat {folder + 1} folds"]
    first, _, last = found["panels"]
    assert [panel["title"] for panel in first] == ["Seat 1", "Seat 2", "Table"]
    assert first[2]["lines"] == ["Public: none yet", "Pot: 3"]
    assert " of " in first[0]["lines"][0]
    assert "Folded" in last[folder]["lines"]


def test_a_panel_that_did_not_change_is_not_written_again():
    adapter = open_arena(spec_named("leduc_holdem-v4"))
    recorder = PanelRecorder()
    adapter.reset(1)
    recorder.start(adapter)
    recorder.turn(adapter, 0, "")
    assert decode_trajectory(recorder.finish())["panels"][1] is None


def test_frames_are_turns_and_one_over_many_deals():
    spec = spec_named("leduc_holdem-v4")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    for seed in range(20):
        play(adapter, [baseline(spec, "random")] * 2, seed, recorder)
        found = decode_trajectory(recorder.finish())
        assert len(found["panels"]) == found["turns"] + 1 == adapter.turns + 1


class Mute(gymnasium.Env):
    """Knows no way to be drawn."""

    observation_space = gymnasium.spaces.Dict(
        {
            "numbers": gymnasium.spaces.Box(-1, 1, (6,), np.float32),
            "picture": gymnasium.spaces.Box(0, 255, (4, 4, 3), np.uint8),
            "words": gymnasium.spaces.Text(9),
        }
    )
    action_space = gymnasium.spaces.Discrete(2)
    seen = {
        "numbers": np.full(6, 0.5, np.float32),
        "picture": np.full((4, 4, 3), 7, np.uint8),
        "words": "hello",
    }

    def reset(self, *, seed=None, options=None):
        return self.seen, {}

    def step(self, action):
        return self.seen, -1.0, False, False, {}


def test_an_unknown_environment_gets_rewards_and_observations():
    spec = ArenaSpec(
        id="mute-v1",
        title="Mute",
        summary="Say nothing.",
        kind="gymnasium",
        environment="tests.arenas.recorders.test_panel:Mute",
        seats=1,
        objective="score",
        max_turns=5,
    )
    adapter = open_arena(replace(spec, swaps_seats=False))
    recorder = recorder_for(adapter)
    assert isinstance(recorder, PanelRecorder)
    adapter.reset(0)
    recorder.start(adapter)
    while not adapter.is_over:
        adapter.step({0: 1})
        recorder.turn(adapter, 0)
    found = decode_trajectory(recorder.finish())
    assert found["turns"] == 5
    assert set(found["labels"]) == {""}
    assert found["panels"][2][0]["lines"] == [
        "Reward: -2.00",
        "numbers: 0.5, 0.5, 0.5, 0.5, 0.5, 0.5",
        "picture: (4, 4, 3) from 7 to 7",
        "words: hello",
    ]
    assert found["panels"][5][0]["lines"] == ["Reward: -5.00"]


def recorded(arena, actions, seed=3):
    """Return the decoded trajectory of an episode with these actions, the adapter, and the hands dealt."""
    adapter = open_arena(spec_named(arena))
    recorder = recorder_for(adapter)
    adapter.reset(seed)
    recorder.start(adapter)
    for action in actions:
        seat = adapter.asked()[0].seat
        adapter.step({seat: action})
        recorder.turn(adapter, seat)
    return decode_trajectory(recorder.finish()), adapter


def test_leduc_of_open_spiel_tells_cards_bets_and_what_was_won():
    found, adapter = recorded("spiel_leduc-v1", [1, 2, 1, 1, 2, 0])
    assert found["labels"][1:] == [
        "Seat 1 checks",
        "Seat 2 raises",
        "Seat 1 calls",
        "Seat 1 checks",
        "Seat 2 raises",
        "Seat 1 folds",
    ]
    frames = [panels for panels in found["panels"] if panels]
    names = ["Jack of spades", "Jack of hearts", "Queen of spades", "Queen of hearts"]
    names += ["King of spades", "King of hearts"]
    state = adapter.environment.state
    for seat in (0, 1):
        assert frames[0][seat]["lines"] == [f"Holds: {names[state.private_card(seat)]}", "Chips in: 1"]
    assert frames[0][2]["lines"] == ["Public: none yet", "Pot: 2"]
    assert found["panels"][3][2]["lines"] == [f"Public: {names[state.public_card()]}", "Pot: 6"]
    assert found["panels"][6][0]["lines"][1:] == ["Won: -3", "Folded"]
    assert found["panels"][6][1]["lines"][1:] == ["Won: +3"]


def test_hanabi_shows_all_hands_and_names_the_card_that_was_played():
    found, adapter = recorded("spiel_hanabi-v1", [17, 5, 0])
    first = found["panels"][0]
    assert [panel["title"] for panel in first] == ["Seat 1", "Seat 2", "Table"]
    assert [len(panel["lines"]) for panel in first] == [5, 5, 5]
    held = first[1]["lines"]
    pointed_out = found["panels"][1][1]["lines"]
    for before, after in zip(held, pointed_out, strict=True):
        assert after == before + (", told: 3" if before.endswith("3") else "")
    thrown = first[0]["lines"][0]
    assert found["labels"][1:] == [
        "Seat 1 points out 3s",
        f"Seat 2 plays {held[0]}",
        f"Seat 1 throws away {thrown}",
    ]
    table = dict(line.split(": ", 1) for line in found["panels"][3][2]["lines"])
    lost = [] if held[0].endswith("1") else [held[0]]
    assert table["Thrown away"].split(", ") == [*lost, thrown]
    assert table["Lives left"] == str(3 - len(lost))
    assert table["Cards left"] == "38"
    assert table["Fireworks"].count(" 1") == 1 - len(lost)
    assert adapter.turns == 3


def test_hearts_shows_four_hands_by_suit_the_trick_and_who_takes_it():
    spec = spec_named("spiel_hearts-v1")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    rewards = play(adapter, [baseline(spec, "rules")] * 4, 4, recorder)
    found = decode_trajectory(recorder.finish())
    deal = found["panels"][0]
    assert [panel["title"] for panel in deal] == ["Seat 1", "Seat 2", "Seat 3", "Seat 4", "Table"]
    for panel in deal[:4]:
        held = [line.split() for line in panel["lines"][:-1]]
        assert [line[0] for line in held] == [sign for sign in "♠♥♦♣" if sign in " ".join(panel["lines"])]
        assert sum(len(line) - 1 for line in held) == 13
    assert deal[4]["lines"][0].startswith("Passing: ")
    passes = [label for label in found["labels"] if "passes" in label]
    assert len(passes) in (0, 12)
    tricks = found["labels"][1 + len(passes) :]
    assert tricks[0].endswith("plays 2♣")
    assert ["takes the trick" in label for label in tricks] == [False, False, False, True] * 13
    *seats, table = found["panels"][-1]
    assert table["lines"][-1].startswith("Taken by seat ")
    assert [panel["lines"][:2] for panel in seats] == [
        ["no cards left", f"Points: {26 - int(reward)}"] for reward in rewards
    ]
    places = [1 + sum(other > reward for other in rewards) for reward in rewards]
    assert [panel["lines"][2] for panel in seats] == [f"Place: {place}" for place in places]


def test_the_points_of_a_hearts_trick_go_to_the_highest_card_of_the_suit_that_was_led():
    found, adapter = recorded_hearts()
    taken = [0] * 4
    for label in found["labels"]:
        told = re.search(r"seat (\d) takes the trick(?: with (\d+) points?)?$", label)
        if told:
            taken[int(told[1]) - 1] += int(told[2] or 0)
    if 26 in taken:
        taken = [0 if points == 26 else 26 for points in taken]
    assert [26 - points for points in taken] == adapter.rewards


def recorded_hearts():
    """Return the decoded trajectory of an episode of random plays, and the adapter."""
    spec = spec_named("spiel_hearts-v1")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    play(adapter, [baseline(spec, "random")] * 4, 9, recorder)
    return decode_trajectory(recorder.finish()), adapter


def test_another_game_of_open_spiel_is_shown_as_its_own_text():
    spec = replace(spec_named("spiel_leduc-v1"), environment="backgammon", arguments={})
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    play(adapter, [baseline(spec, "random")] * 2, 2, recorder)
    found = decode_trajectory(recorder.finish())
    assert found["panels"][-1][0]["lines"] == str(adapter.environment.state).splitlines()[:24]
    assert set(found["labels"]) == {""}


def test_hanabi_of_pettingzoo_is_told_like_its_twin_of_open_spiel():
    found, adapter = recorded("hanabi-v5", [17, 5, 0])
    state = adapter.environment.hanabi_env.game_state
    moves = [move.action for move in state.full_history() if move.player >= 0]
    assert moves == [17, 5, 0]
    held = found["panels"][0][1]["lines"]
    assert found["labels"][1:] == [
        "Seat 1 points out 3s",
        f"Seat 2 plays {held[0]}",
        f"Seat 1 throws away {found['panels'][0][0]['lines'][0]}",
    ]
    assert found["panels"][3][2]["lines"][3] == "Cards left: 38"


def test_hold_em_tells_what_is_put_in_and_what_was_won():
    found, adapter = recorded("texas_holdem-v4", [1, 0, 3, 3, 3, 3, 3, 3])
    first = adapter.environment.env.action_recorder[0][0] + 1
    second = 3 - first
    assert found["labels"][1:4] == [
        f"Seat {first} raises to 4",
        f"Seat {second} calls",
        *(label for label in found["labels"][3:4] if label.endswith("checks")),
    ]
    shown = [panels[2]["lines"][0].count(" of ") for panels in found["panels"] if panels]
    assert sorted(set(shown)) == [0, 3, 4, 5]
    assert adapter.is_over
    for seat, reward in enumerate(adapter.rewards):
        assert found["panels"][-1][seat]["lines"][-1] == f"Won: {reward:+g}"


def test_no_limit_tells_checks_from_calls_and_how_much_all_is():
    found, adapter = recorded("texas_holdem_no_limit-v6", [1, 1, 1, 2, 4, 0])
    told = [label.partition(" ")[2].partition(" ")[2] for label in found["labels"][1:]]
    assert told == ["calls", "checks", "checks", "raises to 4", "goes all in with 100", "folds"]
    folder = adapter.environment.env.action_recorder[-1][0]
    assert found["panels"][-1][folder]["lines"][2:] == ["Folded", "Won: -4"]


@pytest.mark.parametrize("action", [0, 1])
def test_blackjack_hides_the_dealer_s_second_card_until_the_end(action):
    found, adapter = recorded("Blackjack-v1", [action])
    game = adapter.environment
    assert found["panels"][0][1]["lines"] == [f"Cards: {_named(game.dealer[:1])}"]
    if action == 0:
        own, theirs = (sum(hand) + 10 * (1 in hand and sum(hand) < 12) for hand in (game.player, game.dealer))
        over = ", over" if theirs > 21 else ""
        verdict = {1: "wins", 0: "draws", -1: "loses"}[int(np.sign(adapter.rewards[0]))]
        assert found["labels"][1] == f"Sticks at {own}; the dealer has {theirs}{over}: {verdict}"
        assert found["panels"][1][1]["lines"][0] == f"Cards: {_named(game.dealer)}"
    else:
        assert found["labels"][1].startswith("Hits: a")
        assert found["panels"][1][0]["lines"][0] == f"Cards: {_named(game.player)}"


def _named(hand):
    return ", ".join("ace" if card == 1 else str(card) for card in hand)


def test_throws_are_told_with_what_beats_what():
    spec = spec_named("rps-v2")
    adapter = open_arena(spec)
    recorder = recorder_for(adapter)
    adapter.reset(0)
    recorder.start(adapter)
    for throws in ((0, 2), (1, 2), (1, 1), (1, 0)):
        adapter.step(dict(enumerate(throws)))
        recorder.turn(adapter, -1)
    found = decode_trajectory(recorder.finish())
    assert found["labels"] == [
        "",
        "Rock blunts scissors: a point for seat 1",
        "Scissors cut paper: a point for seat 2",
        "Both throw paper",
        "Paper wraps rock: a point for seat 1",
    ]
    assert found["panels"][0][0]["lines"] == ["Throws: nothing yet", "Points: +0"]
    assert found["panels"][4][1]["lines"] == ["Throws: rock", "Points: -1"]
