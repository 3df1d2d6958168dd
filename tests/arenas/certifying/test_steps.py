"""Checks in their order: our arenas pass, and each vice is found by the check made for it."""

import io
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from arenas import registry
from arenas.adapters import open_arena
from arenas.certifying import steps
from arenas.certifying.checks import BRIEF, ArenaCheck
from arenas.certifying.drawing import check_recorder, check_renderer
from arenas.certifying.playing import play_random
from arenas.certifying.second import check_second_process, replay_in_child
from arenas.certifying.steps import Step, Subject, check_arena, run_steps
from arenas.certifying.wire import decode_spec, encode_spec
from arenas.replay import encode_log, replay_episode
from arenas.spec import ArenaSpec, Baseline, Wrapper
from tests.arenas.plugins import write_plugin

NAMES = [
    *("opens", "sheet", "baselines", "observations", "seeded"),
    *("finite", "ends", "length", "step_time", "speed"),
]
SHARED = ["masks", "replay", "second_process", "leaks", "simultaneous"]
DRAWN = ["recorder", "renderer"]


def vice(tmp_path, name, **changed):
    facts = {
        "id": "vice-v1",
        "title": "",
        "summary": "",
        "kind": "gymnasium",
        "environment": f"vices:{name}",
        "seats": 1,
        "objective": "score",
        "max_turns": 20,
        "folder": write_plugin(tmp_path / "vices", name),
    }
    return ArenaSpec(**(facts | changed))


def checked(spec, only="opens"):
    return {check.name: check for check in check_arena(spec, BRIEF, only=[only])}


@pytest.mark.parametrize(
    ("arena", "seats", "api"),
    [
        ("connect_four", ["seat_advantage", "draw_rate", "luck"], ["api", "seed_test"]),
        ("simple_spread", ["luck"], ["api", "seed_test"]),
        ("LunarLander", ["luck"], ["api"]),
        ("spiel_tic_tac_toe", ["seat_advantage", "draw_rate", "luck"], ["api"]),
    ],
)
def test_our_arenas_pass_every_check(arena, seats, api, capfd):
    checks = check_arena(registry.get(arena), BRIEF)
    assert [check for check in checks if not check.ok] == []
    assert [check.name for check in checks] == [*NAMES, *seats, *SHARED, *api, *DRAWN]


@pytest.mark.parametrize(
    ("name", "failing"),
    [
        ("Forgetful", "seeded"),
        ("Drifting", "replay"),
        ("Hashed", "second_process"),
        ("LyingMask", "play"),
        ("NotANumber", "play"),
        ("Strange", "finite"),
        ("SlyMask", "play"),
        ("TooStrict", "masks"),
        ("WrongStart", "observations"),
        ("Breaks", "play"),
        ("WrongObservation", "play"),
        ("Unsendable", "spaces"),
        ("unmakeable", "opens"),
    ],
)
def test_a_vice_is_found(tmp_path, name, failing, capfd):
    failed = [
        check.name for check in check_arena(vice(tmp_path, name), BRIEF, only=[failing]) if not check.ok
    ]
    assert failed[0] == failing


@pytest.mark.parametrize("name", ["Masked", "Charging", "Ignoring"])
def test_what_a_mask_forbids_may_be_refused_or_charged_or_ignored(tmp_path, name, capfd):
    masks = checked(vice(tmp_path, name), "masks")["masks"]
    assert masks.ok, masks.detail
    assert masks.value > 3


@pytest.mark.parametrize(
    ("fault", "ok", "detail"), [("texts", True, "no masks"), ("none legal", False, "seat 0")]
)
def test_masks_that_cannot_be_tried_are_told(tmp_path, fault, ok, detail, capfd):
    spec = vice(tmp_path, "Counter", kind="aec", environment="zoo:Relay", seats=2, objective="outcome")
    masks = checked(replace(spec, arguments={"vice": fault}), "masks")["masks"]
    assert masks.ok is ok
    assert detail in masks.detail


def test_a_fault_of_the_library_is_excused_only_by_name_and_with_its_reason(tmp_path, monkeypatch, capfd):
    spec = vice(tmp_path, "TooStrict")
    monkeypatch.setattr(steps, "EXCEPTIONS", {("vice-v1", "masks"): "it harms nobody"})
    masks = checked(spec, "masks")["masks"]
    assert masks.ok
    assert masks.detail.startswith("excepted: it harms nobody (turn")
    assert not checked(replace(spec, id="vice-v2"), "masks")["masks"].ok


def test_the_second_process_replays_what_it_is_told(capsys):
    spec = registry.get("tictactoe")
    with closing(open_arena(spec)) as adapter:
        played = play_random(adapter, 5)
    order = {"spec": encode_spec(spec), "seed": 5, "log": encode_log(played.log)}
    replay_in_child(io.BytesIO(msgspec.msgpack.encode(order)))
    assert capsys.readouterr().out == played.digest
    assert replay_episode(spec, seed=5, log=played.log, forfeits={}).digest == played.digest


def test_a_second_process_that_fails_or_hangs_is_told():
    spec = registry.get("tictactoe")
    with closing(open_arena(spec)) as adapter:
        played = play_random(adapter, 5)
    for program, seconds, words in (
        ("raise SystemExit('gone')", 60.0, "gone"),
        ("while 1: pass", 0.5, "in time"),
        ("print('0' * 32)", 60.0, "another digest"),
    ):
        check = check_second_process(spec, played, program=program, limit_seconds=seconds)
        assert not check.ok
        assert words in check.detail


def test_a_baseline_without_a_file_is_found(capfd):
    ghost = Baseline(name="ghost", title="Ghost", path=Path("nowhere.py"))
    found = checked(replace(registry.get("tictactoe"), baselines=(ghost,)), "baselines")["baselines"]
    assert not found.ok
    assert "ghost" in found.detail


def test_an_arena_that_never_ends_by_itself_is_cut_off(tmp_path, capfd):
    found = checked(vice(tmp_path, "Endless"))
    assert found["ends"].value == 20
    assert "100% cut off" in found["length"].detail


def test_what_needs_an_extra_says_which(tmp_path):
    spec = vice(tmp_path, "Counter", extra="atari", environment="no_such_module:env")
    (opens,) = check_arena(spec, BRIEF)
    assert not opens.ok
    assert "pip install 'coliseum-rl[atari]'" in opens.detail


def test_an_unfair_place_fails_only_where_agents_do_not_change_places(tmp_path, capfd):
    spec = vice(tmp_path, "Counter", kind="aec", environment="zoo:Relay", seats=2, objective="outcome")
    spec = replace(spec, arguments={"vice": "falls"})
    assert checked(spec, "fairness")["seat_advantage"].ok
    found = checked(replace(spec, swaps_seats=False), "fairness")["seat_advantage"]
    assert not found.ok
    assert "agents do not change places" in found.detail


def test_drawing_that_changes_the_episode_is_found():
    with closing(open_arena(registry.get("tictactoe"))) as adapter:
        played = play_random(adapter, 5)
        assert check_recorder(adapter, played).ok
        played.rewards = (9.0, 9.0)
        assert "another way" in check_recorder(adapter, played).detail


def test_a_renderer_that_fails_blocks_nothing():
    class Broken:
        metadata = {"render_modes": ["rgb_array"]}

    spec = replace(registry.get("tictactoe"), environment="classic/nowhere-v9")
    found = check_renderer(spec, Broken())
    assert (found.ok, found.blocks) == (False, False)


def test_what_a_step_raises_is_a_failed_check_of_its_name():
    def explode(subject):
        yield ArenaCheck("fine", True, 1.0, "")
        raise LookupError("wheel")

    begun = []
    chain = (Step("first", explode, 1.0, is_vital=True), Step("never", explode, 1.0))
    subject = Subject(registry.get("tictactoe"), BRIEF)
    checks = list(run_steps(subject, chain, lambda step: begun.append(step.name)))
    assert [(check.name, check.ok) for check in checks] == [("fine", True), ("first", False)]
    assert checks[1].detail == "LookupError: wheel"
    assert begun == ["first"]


def test_a_spec_is_the_same_after_its_way_to_another_process():
    for name in ("tictactoe", "pistonball", "LunarLander"):
        spec = registry.get(name)
        assert decode_spec(encode_spec(spec)) == spec
    wrapped = replace(spec, wrappers=(Wrapper("supersuit:resize_v1", {"x_size": 8, "y_size": 8}),))
    assert decode_spec(encode_spec(wrapped)) == wrapped
    with pytest.raises(msgspec.ValidationError):
        decode_spec(b"\x80")
