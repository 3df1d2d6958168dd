"""`coliseum simulate`: a small simulation, a season's plan, and files that are wrong."""

import json

import pytest

from tests.workers.cli.test_commands import real
from workers.cli.simulate import MARKS
from workers.simulation import PROFILES
from workers.simulation.profiles import Profile

PLAN = "teams = 4\ncores = 1\nseconds_per_match = 60.0\ndays = 0.01\nreplicates = 1\n"


@pytest.fixture
def season(tmp_path):
    path = tmp_path / "season.toml"
    path.write_text(PLAN)
    return path


@pytest.fixture
def tiny(monkeypatch):
    """A fast profile that is done in a second."""
    small = Profile("fast", 8, 1, 16, ("kaggle-like",), 0, 0, 0, 500, 0, (8,))
    monkeypatch.setitem(PROFILES, "fast", small)


def test_json_holds_worlds_reference_and_gates(coliseum, tiny):
    found = coliseum("simulate", "--processes", 2, "--json").json
    assert set(found["worlds"]) == {"W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "N4"}
    assert set(found["reference"]["kaggle-like"]) == set(found["worlds"]) - {"N4"}
    assert set(found["worlds"]["W4"]["coverage"]) == {"8", "12", "16"}
    assert all(gate.keys() == {"name", "goal", "got", "ok"} for gate in found["gates"])
    assert any(gate["name"].startswith("10 ") for gate in found["gates"])


def test_people_read_a_line_for_each_gate_and_how_many_hold(coliseum, tiny):
    run = coliseum("simulate", "--processes", 1)
    assert run.status == 0
    assert "10 new submissions equal, called better" in run.out
    assert "gates hold (fast profile, 1 replicates)" in run.err


def test_the_same_seed_gives_the_same_bits_in_any_number_of_processes(coliseum, tiny):
    one, other = (
        coliseum("simulate", "--world", "W4", "--processes", count, "--json").out for count in (1, 2)
    )
    assert one == other
    assert coliseum("simulate", "--world", "W4", "--seed", 2, "--json").out != one


def test_one_world_alone_can_be_simulated(coliseum, tiny):
    found = coliseum("simulate", "--world", "W2", "--replicates", 2, "--json").json
    assert list(found["worlds"]) == ["W2"]
    assert found["replicates"] == 2


def test_a_world_that_is_not_there_is_refused(coliseum):
    run = coliseum("simulate", "--world", "W9", "--json")
    assert (run.status, run.error["code"]) == (2, "cli.usage")
    assert "W1, W2" in run.error["message"]


def test_results_are_written_between_the_marks_of_a_file(coliseum, tiny, tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"above\n{MARKS[0]}\nyesterday\n{MARKS[1]}\nbelow\n")
    coliseum("simulate", "--world", "W1", "--into", page)
    text = page.read_text()
    assert text.startswith("above\n")
    assert text.endswith("below\n")
    assert "yesterday" not in text
    assert "### Gates" in text


def test_a_file_without_marks_is_left_alone(coliseum, tiny, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("mine\n")
    run = coliseum("simulate", "--world", "W1", "--into", page)
    assert run.status == 2
    assert page.read_text() == "mine\n"


def test_a_season_tells_rank_error_hours_and_storage(coliseum, season):
    found = coliseum("simulate", "--season", season, "--json").json
    assert found["matches"] == 14
    assert found["storage"] == {"database_bytes": 14140, "replay_bytes": 798}
    assert found["hours"]["machine"] == 0.24
    run = coliseum("simulate", "--season", season)
    assert "14 matches, 14.0 episodes for each of 4 agents" in run.out
    assert "14,140 bytes of database" in run.out


def test_the_installed_program_plans_a_season(season):
    run = real("simulate", "--season", season, "--json")
    assert run.returncode == 0
    assert json.loads(run.stdout)["agents"] == 4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (PLAN + "dais = 3\n", "Did you mean days?"),
        (PLAN + "colour = 3\n", "no key colour"),
        (PLAN + "draws = 2\n", "draws must be a number from 0 to 0.95"),
        ("cores = 1\n", "teams must be given"),
        ("teams = [", "is no season file"),
        ("teams = " + "9" * 5000, "is no season file"),
        ("teams = " + "[" * 30_000, "nested too deeply"),
        ("#" * 70_000, "larger than 64 KiB"),
    ],
)
def test_a_wrong_season_file_is_refused_with_what_to_do(coliseum, season, content, says):
    season.write_text(content)
    run = coliseum("simulate", "--season", season, "--json")
    assert (run.status, run.error["code"]) == (2, "cli.bad_season")
    assert says in run.error["message"]
    assert run.error["hint"]


def test_bytes_that_are_no_text_are_refused(coliseum, season):
    season.write_bytes(b"\xff\xfe")
    assert coliseum("simulate", "--season", season, "--json").error["code"] == "cli.bad_season"


def test_a_season_file_that_is_not_there_is_refused(coliseum, tmp_path):
    assert (
        coliseum("simulate", "--season", tmp_path / "none.toml", "--json").error["code"] == "cli.no_such_file"
    )
    assert coliseum("simulate", "--season", tmp_path, "--json").error["code"] == "cli.no_such_file"
