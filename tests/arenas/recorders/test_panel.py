"""Panels: cards in words, and a fallback for everything else."""

import re
from dataclasses import replace

import numpy as np

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
    assert found["labels"] == ["", f"Seat {raiser + 1} raises", f"Seat {folder + 1} folds"]
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


def test_an_unknown_environment_gets_rewards_and_observations():
    spec = ArenaSpec(
        id="Acrobot-v1",
        title="Acrobot",
        summary="Swing up.",
        kind="gymnasium",
        environment="Acrobot-v1",
        seats=1,
        objective="score",
        max_turns=5,
    )
    adapter = open_arena(replace(spec, swaps_seats=False))
    recorder = recorder_for(adapter)
    assert isinstance(recorder, PanelRecorder)
    adapter.reset(0)
    recorder.start(adapter)
    rng = np.random.default_rng(0)
    while not adapter.is_over:
        adapter.step({0: adapter.random_action(0, rng)})
        recorder.turn(adapter, 0)
    found = decode_trajectory(recorder.finish())
    panel = found["panels"][2][0]
    assert panel["lines"][0] == "Reward: -2.00"
    assert panel["lines"][1].startswith("Sees: ")
    assert panel["lines"][1].count(",") == 5


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
