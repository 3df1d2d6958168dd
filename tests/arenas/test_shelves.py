"""Shelves: plug-in folders are found where an operator puts them, each once and in order."""

import os

import pytest

from arenas import registry, shelves
from tests.arenas.plugins import write_plugin


@pytest.fixture(autouse=True)
def _at_home(monkeypatch, tmp_path):
    monkeypatch.setenv("COLISEUM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv(shelves.VARIABLE, raising=False)


def make_arena(place):
    place.mkdir(parents=True)
    (place / "arena.py").write_text("SPECS = ()\n")
    return place


def test_there_are_no_folders_where_nothing_is_named_and_no_shelf_exists():
    assert shelves.folders() == ()


def test_the_shelf_of_this_installation_is_read_without_being_named():
    lake, pond = (make_arena(shelves.shelf() / name) for name in ("lake", "pond"))
    (shelves.shelf() / "notes").mkdir()
    assert shelves.folders() == (lake, pond)


def test_a_named_folder_may_be_an_arena_or_a_shelf_of_arenas_and_comes_first(monkeypatch, tmp_path):
    alone = make_arena(tmp_path / "alone")
    lake, pond = (make_arena(tmp_path / "shelf" / name) for name in ("lake", "pond"))
    home = make_arena(shelves.shelf() / "home")
    named = (tmp_path / "shelf", alone, tmp_path / "shelf")
    monkeypatch.setenv(shelves.VARIABLE, os.pathsep.join(map(str, named)))
    assert shelves.folders() == (lake, pond, alone, home)


def test_a_named_folder_without_an_arena_stays_so_that_the_registry_can_say_so(monkeypatch, tmp_path):
    monkeypatch.setenv(shelves.VARIABLE, str(tmp_path / "gone"))
    assert shelves.folders() == (tmp_path / "gone",)


def test_a_process_without_our_environment_finds_the_same_folders(monkeypatch, tmp_path):
    alone, home = make_arena(tmp_path / "alone"), make_arena(shelves.shelf() / "home")
    monkeypatch.setenv(shelves.VARIABLE, str(alone))
    told = shelves.variables()
    monkeypatch.delenv("COLISEUM_HOME")
    monkeypatch.setenv(shelves.VARIABLE, told[shelves.VARIABLE])
    assert shelves.folders()[:2] == (alone, home)


def test_an_empty_shelf_is_passed_on_and_is_no_problem(monkeypatch):
    monkeypatch.setenv(shelves.VARIABLE, shelves.variables()[shelves.VARIABLE])
    assert shelves.folders() == ()


def test_an_arena_that_is_put_on_the_shelf_is_there_at_once_and_gone_when_it_is_taken_off():
    registry.refresh()
    assert "counter-v1" not in registry.names()
    folder = write_plugin(shelves.shelf() / "counter", "Counter", "counter-v1")
    assert "counter-v1" in registry.names()
    (folder / "arena.py").unlink()
    assert "counter-v1" not in registry.names()
