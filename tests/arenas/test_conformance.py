"""Conformance: our arenas pass, and each vice is found by the check made for it."""

import io
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from arenas import conformance, registry
from arenas.conformance import check_arena, replay_in_child
from arenas.replay import ActionLog, encode_log, replay_episode
from arenas.spec import ArenaSpec, Baseline
from tests.arenas.plugins import write_plugin


@pytest.mark.parametrize("arena", ["connect_four", "leduc_holdem", "simple_spread", "LunarLander", "sumo"])
def test_our_arenas_pass_every_check(arena):
    checks = check_arena(registry.get(arena))
    assert [check for check in checks if not check.ok] == []
    assert [check.name for check in checks] == [
        *("opens", "baselines", "observations", "seeded", "ends"),
        *("masks", "replay", "second_process", "step_time"),
    ]


def test_the_actions_that_masks_allow_are_all_tried():
    checks = {check.name: check for check in check_arena(registry.get("tictactoe"))}
    assert checks["masks"].value > 9


@pytest.mark.parametrize(
    ("name", "failing"),
    [
        ("Forgetful", "seeded"),
        ("Drifting", "replay"),
        ("Hashed", "second_process"),
        ("LyingMask", "play"),
        ("NotANumber", "play"),
        ("SlyMask", "masks"),
        ("WrongStart", "observations"),
        ("Breaks", "play"),
        ("WrongObservation", "play"),
        ("Unsendable", "spaces"),
        ("unmakeable", "opens"),
    ],
)
def test_a_vice_is_found(tmp_path, name, failing):
    spec = ArenaSpec(
        id="vice-v1",
        title="",
        summary="",
        kind="gymnasium",
        environment=f"vices:{name}",
        seats=1,
        objective="score",
        max_turns=20,
        folder=write_plugin(tmp_path / "vices", name),
    )
    failed = [check.name for check in check_arena(spec) if not check.ok]
    assert failed[0] == failing


@pytest.mark.parametrize(
    ("vice", "ok", "detail"), [("texts", True, "vary in size"), ("none legal", False, "seat 0")]
)
def test_masks_that_cannot_be_tried_are_told(tmp_path, vice, ok, detail):
    spec = ArenaSpec(
        id="relay-v1",
        title="",
        summary="",
        kind="aec",
        environment="zoo:Relay",
        seats=2,
        objective="outcome",
        arguments={"vice": vice},
        folder=write_plugin(tmp_path / "vices", "Counter"),
    )
    masks = next(check for check in check_arena(spec) if check.name == "masks")
    assert masks.ok is ok
    assert detail in masks.detail


def test_the_second_process_replays_what_it_is_told(capsys):
    spec = registry.get("tictactoe")
    log = ActionLog(3, bytes([0, 1, 2]))
    order = {
        "id": spec.id,
        "kind": "aec",
        "environment": spec.environment,
        "seats": 2,
        "objective": "outcome",
    }
    order |= {"arguments": {}, "max_turns": 9, "folder": "", "seed": 5, "log": encode_log(log)}
    replay_in_child(io.BytesIO(msgspec.msgpack.encode(order)))
    assert capsys.readouterr().out == replay_episode(spec, seed=5, log=log, forfeits={}).digest


def test_a_second_process_that_fails_or_hangs_is_told(monkeypatch):
    spec = registry.get("tictactoe")
    for child, seconds, words in (
        ("raise SystemExit('gone')", 60, "gone"),
        ("input()\nwhile 1: pass", 0.5, "in time"),
    ):
        monkeypatch.setattr(conformance, "_CHILD", child)
        monkeypatch.setattr(conformance, "_CHILD_SECONDS", seconds)
        check = next(check for check in check_arena(spec) if check.name == "second_process")
        assert not check.ok
        assert words in check.detail


def test_trying_masks_stops_when_its_time_is_up(monkeypatch):
    monkeypatch.setattr(conformance, "_MASK_SECONDS", 0.0)
    masks = next(check for check in check_arena(registry.get("tictactoe")) if check.name == "masks")
    assert masks.ok
    assert masks.detail == "legal actions tried, then the time was up"


def test_a_baseline_without_a_file_is_found():
    spec = registry.get("tictactoe")
    ghost = Baseline(name="ghost", title="Ghost", path=Path("nowhere.py"))
    checks = {check.name: check for check in check_arena(replace(spec, baselines=(ghost,)))}
    assert not checks["baselines"].ok
    assert "ghost" in checks["baselines"].detail


def test_an_arena_that_never_ends_by_itself_is_cut_off(tmp_path):
    spec = ArenaSpec(
        id="endless-v1",
        title="",
        summary="",
        kind="gymnasium",
        environment="vices:Endless",
        seats=1,
        objective="score",
        max_turns=20,
        folder=write_plugin(tmp_path / "vices", "Endless"),
    )
    ends = next(check for check in check_arena(spec) if check.name == "ends")
    assert (ends.value, ends.detail) == (20, "turns at most; 3 of 3 episodes were cut off")
