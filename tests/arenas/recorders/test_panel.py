"""Panels: cards in words, and a fallback for everything else."""

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
