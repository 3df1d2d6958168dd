"""Certifying: whatever an environment does, the caller lives and the certificate says what happened."""

import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from arenas import registry
from arenas.certifying.certificate import fingerprint_of
from arenas.certifying.checks import BRIEF
from arenas.spec import MIB, ArenaSpec, Baseline
from arenas.trajectory import decode_trajectory
from tests.arenas.plugins import write_plugin
from workers.certifying.supervising import certify


def vice(tmp_path, name):
    return ArenaSpec(
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


def test_a_sound_arena_gets_its_certificate_and_a_preview():
    spec = registry.get("tictactoe")
    seen = []
    made = certify(spec, BRIEF, on_check=seen.append)
    found = made.certificate
    assert [check for check in found.checks if not check.ok] == []
    assert (found.ok, found.id, found.fingerprint) == (True, spec.id, fingerprint_of(spec))
    assert tuple(seen) == found.checks
    names = {check.name for check in found.checks}
    assert {"masks", "leaks", "best_baseline", "draw_rate_best", "preview"} <= names
    assert decode_trajectory(made.preview)["arena"] == spec.id
    assert found.date.endswith("Z")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Hangs", "did not end within"),
        ("Crashes", "the process was ended by SIGSEGV"),
        ("Gluttonous", "MemoryError"),
        ("Breaks", "KeyError: 'wheel'"),
        ("unmakeable", "no display"),
    ],
)
def test_an_environment_that_misbehaves_fails_and_harms_nobody(tmp_path, name, words):
    limits = {"play": 1.0} if name == "Hangs" else {}
    found = certify(vice(tmp_path, name), BRIEF, limits=limits, memory_bytes=1024 * MIB).certificate
    assert not found.ok
    assert words in found.checks[-1].detail
    assert found.checks[-1].name == ("opens" if name == "unmakeable" else "play")


def test_nothing_that_an_environment_started_outlives_its_check(tmp_path):
    certify(vice(tmp_path, "Fertile"), BRIEF, limits={"play": 0.0})
    deadline = time.monotonic() + 10
    while any(b"1234567" in command for command in _commands()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(b"1234567" in command for command in _commands())


def _commands():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield path.read_bytes()


def test_a_baseline_that_fails_is_told(tmp_path):
    (tmp_path / "agent.py").write_text("def agent(observation):\n    return 1 / 0\n")
    broken = Baseline(name="broken", title="", path=tmp_path / "agent.py")
    found = certify(replace(registry.get("CartPole"), baselines=(broken,)), BRIEF).certificate
    (failed,) = found.failed
    assert failed.name == "best_baseline"
    assert "broken in a seat: crashed" in failed.detail
