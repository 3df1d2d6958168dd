"""Certificates as files: whose they are, which one counts, and what is said where none holds."""

from dataclasses import replace

import msgspec
import pytest

from arenas import registry
from arenas.certifying import certificate as certificates
from arenas.certifying.certificate import (
    SHIPPED,
    Certificate,
    file_name,
    find_certificate,
    find_preview,
    fingerprint_of,
    host_facts,
    keep_certificate,
    version_facts,
    what_forbids,
)
from arenas.certifying.checks import ArenaCheck
from arenas.spec import Limits, Wrapper
from tests.arenas.plugins import write_plugin

SPEC = registry.get("tictactoe-v3")
FINE = ArenaCheck("opens", True, 0.1, "seconds")
WRONG = ArenaCheck("masks", False, 3.0, "turn 2 refuses legal 4")
SLOW = ArenaCheck("renderer", False, None, "no display", blocks=False)


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("COLISEUM_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(certificates, "SHIPPED", tmp_path / "shipped")


def made(spec=SPEC, checks=(FINE,), **changed):
    facts = {
        "id": spec.id,
        "ok": all(check.ok or not check.blocks for check in checks),
        "checks": checks,
        "fingerprint": fingerprint_of(spec),
        "date": "2026-11-23T10:00:00Z",
    }
    return Certificate(**(facts | changed))


def test_what_is_kept_is_found_again_with_its_preview():
    path = keep_certificate(made(), b"drawn")
    assert path.name == "tictactoe-v3.json"
    assert find_certificate(SPEC) == made()
    assert find_preview(SPEC) == b"drawn"
    assert what_forbids(SPEC) == ""


def test_an_arena_of_a_family_has_a_file_of_its_own():
    assert file_name("coliseum/sumo-v1") == "coliseum__sumo-v1.json"


def test_without_a_certificate_rated_play_is_forbidden():
    assert find_certificate(SPEC) is None
    assert find_preview(SPEC) is None
    assert what_forbids(SPEC) == "it has no certificate"


def test_a_failed_check_is_named_but_one_that_blocks_nothing_is_not():
    keep_certificate(made(checks=(FINE, SLOW)))
    assert what_forbids(SPEC) == ""
    keep_certificate(made(checks=(FINE, WRONG, SLOW)))
    assert what_forbids(SPEC) == "its certificate failed: masks (turn 2 refuses legal 4)"


def test_one_that_was_made_here_wins_over_a_shipped_one_if_it_is_of_this_arena():
    keep_certificate(made(checks=(WRONG,)), folder=certificates.SHIPPED)
    keep_certificate(made())
    assert what_forbids(SPEC) == ""
    keep_certificate(made(fingerprint="of another"))
    assert "masks" in what_forbids(SPEC)


def test_a_stale_one_forbids_rated_play_and_says_why():
    keep_certificate(made(fingerprint="of another"))
    assert what_forbids(SPEC) == "its certificate is of another version of it or of its libraries"


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff" * 10, b"[" * 9999, b" " * 300_000, b'{"format": 2}'])
def test_a_file_that_is_none_counts_as_none(content):
    path = keep_certificate(made())
    path.write_bytes(content)
    assert what_forbids(SPEC) == "it has no certificate"


def test_one_of_another_arena_or_format_counts_as_none():
    path = keep_certificate(made())
    for changed in ({"id": "chess-v6"}, {"format": 99}):
        path.write_bytes(msgspec.json.encode(msgspec.structs.replace(made(), **changed)))
        assert find_certificate(SPEC) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"arguments": {"screen_height": 7}},
        {"wrappers": (Wrapper("supersuit:dtype_v0", {"dtype": "float32"}),)},
        {"max_turns": 5},
        {"team_of_seat": (0, 0)},
        {"tags": ("hidden-information",)},
        {"environment": "classic/tictactoe-v4"},
    ],
)
def test_what_decides_how_an_arena_plays_changes_its_fingerprint(changed):
    assert fingerprint_of(replace(SPEC, **changed)) != fingerprint_of(SPEC)


def test_words_and_limits_do_not_change_it():
    same = replace(SPEC, title="Noughts", summary="", baselines=(), limits=Limits(step_seconds=9.0))
    assert fingerprint_of(same) == fingerprint_of(SPEC)


def test_the_code_of_a_plug_in_is_part_of_it(tmp_path):
    folder = write_plugin(tmp_path / "plug", "Counter")
    spec = replace(SPEC, kind="gymnasium", environment="vices:Counter", folder=folder)
    before = fingerprint_of(spec)
    (folder / "arena.py").write_text("# other words")
    assert fingerprint_of(spec) == before
    (folder / "vices.py").write_text("# other rules")
    assert fingerprint_of(spec) != before


def test_the_versions_that_matter_are_part_of_it(monkeypatch):
    before = fingerprint_of(SPEC)
    monkeypatch.setattr(certificates, "_version", lambda name: f"{name} 99")
    assert fingerprint_of(SPEC) != before


def test_host_and_versions_name_no_machine():
    told = host_facts()
    assert set(told) == {"machine", "processor", "cores", "system"}
    assert {"python", "numpy", "pettingzoo"} <= set(version_facts(SPEC))


def test_what_ships_is_of_arenas_that_are_there_and_small():
    """Whether each holds is asked of the operator's machine; here the files must be sound."""
    for path in SHIPPED.glob("*.json"):
        found = msgspec.json.decode(path.read_bytes(), type=Certificate)
        assert path.name == file_name(registry.get(found.id).id)
        assert path.with_suffix(".ctr").stat().st_size <= 30_000
