"""Registry: every arena is found by any reasonable spelling, and a broken plug-in hurts no other."""

import os
import subprocess
import sys

import pytest

from arenas import registry, shelves
from arenas.errors import UnknownArenaError
from tests.arenas.plugins import write_plugin


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.delenv(shelves.VARIABLE, raising=False)
    registry.refresh()
    yield
    registry.refresh()


def list_folders(monkeypatch, *folders):
    monkeypatch.setenv(shelves.VARIABLE, os.pathsep.join(map(str, folders)))
    registry.refresh()


def test_our_own_arenas_are_there_without_problems():
    assert {"connect_four-v3", "chess-v6", "multiwalker-v9", "LunarLander-v3"} <= set(registry.names())
    assert registry.problems() == ()


def test_specs_are_read_without_any_environment_library():
    code = (
        "import sys; from arenas import registry; registry.get('chess');"
        "sys.exit(any(name in sys.modules for name in ('gymnasium', 'pettingzoo', 'mpe2', 'pygame')))"
    )
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    assert subprocess.run([sys.executable, "-c", code], env=variables, check=False).returncode == 0


@pytest.mark.parametrize(
    "spelling", ["connect_four-v3", "connect_four_v3", "Connect_Four-V3", " connect_four ", "CONNECT_FOUR"]
)
def test_spelling_of_case_and_version_does_not_matter(spelling):
    assert registry.get(spelling).id == "connect_four-v3"


@pytest.mark.parametrize(
    "spelling", ["coliseum/sumo-v1", "Coliseum/Sumo_v1", "coliseum/sumo", "sumo-v1", "sumo"]
)
def test_an_arena_of_our_own_is_found_with_and_without_its_family(spelling):
    assert registry.get(spelling).id == "coliseum/sumo-v1"
    assert registry.get(spelling).name == "coliseum/sumo"


@pytest.mark.parametrize(
    "wrong", ["a/b/c-v1", "/sumo-v1", "coliseum/-v1", "coliseum/sumo", "../sumo-v1", "a/../b-v1"]
)
def test_an_id_is_a_name_with_a_version_and_at_most_one_family(monkeypatch, tmp_path, wrong):
    list_folders(monkeypatch, write_plugin(tmp_path / "crooked", "Fair", arena=wrong))
    assert wrong not in registry.names()
    assert "is not of the form name-v1 or family/name-v1" in registry.problems()[0].reason


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("sumoo", "coliseum/sumo-v1"),
        ("conect_four-v3", "connect_four-v3"),
        ("connect_four-v2", "connect_four-v3"),
        ("ches", "chess-v6"),
    ],
)
def test_a_near_miss_is_answered_with_a_suggestion(wrong, meant):
    with pytest.raises(UnknownArenaError, match="Did you mean") as caught:
        registry.get(wrong)
    assert caught.value.suggestions[0] == meant


def test_nothing_near_gives_no_suggestion():
    with pytest.raises(UnknownArenaError, match=r"There is no arena 'qqqqqqqqqqqq'\.$"):
        registry.get("qqqqqqqqqqqq")


def test_a_plugin_folder_adds_its_arenas(monkeypatch, tmp_path):
    folder = write_plugin(tmp_path / "mine", "Counter", "counter-v2")
    write_plugin(tmp_path / "old", "Counter", "counter-v1")
    list_folders(monkeypatch, folder, tmp_path / "old")
    assert registry.get("counter").id == "counter-v2"
    assert registry.get("counter").folder == folder.resolve()
    assert registry.problems() == ()


def test_broken_plugins_are_told_and_hurt_no_other(monkeypatch, tmp_path):
    good = write_plugin(tmp_path / "good", "Counter", "good-v1")
    broken = {
        "raises": "raise RuntimeError('at import')",
        "syntax": "def",
        "empty": "",
        "wrong": "SPECS = (1, 2)",
        "number": "SPECS = 5",
        "taken": (write_plugin(tmp_path / "x", "Counter", "Chess-v6") / "arena.py").read_text(),
        "badly_named": (write_plugin(tmp_path / "y", "Counter", "no version") / "arena.py").read_text(),
        "score": (good / "arena.py").read_text().replace("seats=1", "seats=2").replace("good", "bad"),
        "outcome": (good / "arena.py").read_text().replace('"score"', '"outcome"').replace("good", "bad"),
        "roles": (good / "arena.py").read_text().replace("seats=1", "seats=1, roles=('a', 'b')"),
        "teams": (good / "arena.py").read_text().replace("seats=1", "seats=1, team_of_seat=(1,)"),
        "no_seat": (good / "arena.py").read_text().replace("seats=1", "seats=0"),
    }
    for name, text in broken.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "arena.py").write_text(text)
    absent = tmp_path / "absent"
    list_folders(monkeypatch, absent, *(tmp_path / name for name in broken), good)
    assert {"good-v1", "chess-v6"} <= set(registry.names())
    reasons = {os.path.basename(problem.source): problem.reason for problem in registry.problems()}
    assert reasons.keys() == {*broken, "absent"}
    assert reasons["absent"] == "FileNotFoundError: the folder has no arena.py"
    assert "at import" in reasons["raises"]
    assert "there already is an arena" in reasons["taken"]
    assert "name-v1" in reasons["badly_named"]
    assert "needs one seat" in reasons["score"]
    assert "needs two seats" in reasons["outcome"]
    assert "one role for each seat" in reasons["roles"]
    assert "team_of_seat" in reasons["teams"]
    assert "at least 1" in reasons["no_seat"]


def test_an_installed_package_adds_its_arenas(monkeypatch, tmp_path):
    write_plugin(tmp_path / "arena_pack", "Counter", "packed-v1")
    meta = tmp_path / "arena_pack-1.0.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: arena-pack\nVersion: 1.0\n")
    (meta / "entry_points.txt").write_text(
        "[coliseum.arenas]\npack = arena_pack.arena\ngone = no_such_module\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    registry.refresh()
    assert registry.get("packed").id == "packed-v1"
    assert [problem.source for problem in registry.problems()] == ["gone = no_such_module"]
