"""`coliseum arena check` and `coliseum arenas`: certificates on the command line."""

import pytest

from arenas import registry
from arenas.certifying.certificate import Certificate, find_certificate, keep_certificate
from arenas.certifying.certificate import fingerprint_of as fingerprint
from arenas.certifying.checks import BRIEF, ArenaCheck
from tests.arenas.plugins import write_plugin

ROW = {"id", "kind", "seats", "objective", "extra", "installed", "certified"}


@pytest.fixture(autouse=True)
def _brief(tmp_path, monkeypatch):
    """A home of its own, and no more play than a test can wait for."""
    monkeypatch.setenv("COLISEUM_HOME", str(tmp_path / "site"))
    monkeypatch.setattr("workers.cli.arena_check.QUICK", BRIEF)


@pytest.fixture
def plug_in(tmp_path, monkeypatch):
    """An environment that fails in its third step, as a plug-in."""
    monkeypatch.setenv("COLISEUM_ARENAS", str(write_plugin(tmp_path / "vices", "Breaks")))
    registry.refresh()
    yield "plug_in-v1"
    registry.refresh()


def test_a_sound_arena_passes_and_its_certificate_is_kept(coliseum):
    run = coliseum("arena", "check", "tictactoe", "--json", "--keep")
    assert run.status == 0
    assert (run.json["id"], run.json["ok"]) == ("tictactoe-v3", True)
    assert all({"name", "ok", "value", "detail", "blocks"} == set(check) for check in run.json["checks"])
    assert {"date", "host", "versions", "fingerprint"} <= set(run.json)
    kept = find_certificate(registry.get("tictactoe-v3"))
    assert kept is not None
    assert kept.date == run.json["date"]


def test_a_faulty_one_fails_with_the_reason_in_words_and_as_json(coliseum, plug_in):
    run = coliseum("arena", "check", plug_in)
    assert run.status == 6
    assert "FAIL play" in run.out
    assert "KeyError: 'wheel'" in run.out
    assert run.err == "plug_in-v1 is not fit for rated play: play.\n"
    run = coliseum("arena", "check", plug_in, "--json")
    assert (run.status, run.json["ok"]) == (6, False)


def test_a_misspelt_arena_is_told_with_what_was_meant(coliseum):
    run = coliseum("arena", "check", "tictactoo", "--json")
    assert (run.status, run.error["code"]) == (4, "arena.unknown")
    assert "tictactoe-v3" in run.error["message"]


def test_a_home_that_cannot_be_written_is_told(coliseum, plug_in, tmp_path):
    (tmp_path / "site").write_text("a file")
    run = coliseum("arena", "check", plug_in, "--keep")
    assert run.status == 5
    assert "The certificate cannot be stored" in run.err


def test_the_list_says_what_is_installed_and_certified(coliseum, plug_in):
    rows = {row["id"]: row for row in coliseum("arenas", "--json").json["items"]}
    assert set(rows) == set(registry.names())
    assert all(set(row) >= ROW for row in rows.values())
    assert (rows[plug_in]["installed"], rows[plug_in]["certified"]) == (True, False)
    spec = registry.get(plug_in)
    check = ArenaCheck("opens", True, None, "")
    keep_certificate(Certificate(id=plug_in, ok=True, checks=(check,), fingerprint=fingerprint(spec)))
    assert coliseum("arenas", plug_in, "--json").json["items"][0]["certified"] is True


def test_no_competition_is_right_in_an_arena_without_a_certificate(coliseum, plug_in, tmp_path):
    file = tmp_path / "cup.toml"
    file.write_text(f'[competition]\nslug = "cup"\ntitle = "Cup"\narena = "{plug_in}"\n')
    run = coliseum("host", "check", str(file), "--no-play", "--json")
    assert (run.status, run.error["code"]) == (1, "arena.not_certified")
    assert run.error["field"] == "competition.arena"
    assert f"coliseum arena check {plug_in} --keep" in run.error["hint"]


def test_the_doctor_names_arenas_without_one(plug_in):
    from workers.cli.doctor import _uncertified

    told = _uncertified()
    assert told.startswith("none that holds: ")
    assert "coliseum arena check ARENA --keep" in told
