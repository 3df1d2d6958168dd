"""`coliseum rerate`: the ledger of a league on a laptop, right, wrong and hostile."""

import json

import pytest

from tests.workers.cli.test_commands import real
from tests.workers.league.seasons import NAMES, entered, lines, opening, season
from workers.league.ledger import seal
from workers.refusals import REFUSALS


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"".join(lines(season())))
    return path


def test_the_table_is_printed_with_its_root_and_digest(coliseum, ledger):
    run = coliseum("rerate", ledger)
    table = run.out.splitlines()
    assert run.status == 0
    assert table[0].split()[:4] == ["rank", "rank_low", "rank_high", "agent"]
    assert [row.split()[3] for row in table[1:]] == NAMES
    assert "120 matches, 127 lines, all of them true" in run.err
    assert list(seal(season()))[-1][1] in run.err


def test_json_holds_ratings_and_digest(coliseum, ledger):
    found = coliseum("rerate", ledger, "--json").json
    assert found["ok"] is True
    assert found["root"] == list(seal(season()))[-1][1]
    assert [row["agent"] for row in found["ratings"]] == NAMES
    assert {"league", "arena", "estimator", "lines", "matches", "digest", "parameters"} < found.keys()
    assert found["ratings"][0].keys() > {"rank", "rank_low", "rank_high", "rating", "low", "high", "p_best"}


def test_the_installed_program_finds_the_same_bits(coliseum, ledger):
    run = real("rerate", ledger, "--json", PYTHONHASHSEED="3", OPENBLAS_NUM_THREADS="1", LC_ALL="C")
    assert run.stderr == b""
    assert json.loads(run.stdout) == coliseum("rerate", ledger, "--json").json


def test_an_older_table_is_found_by_its_root(coliseum, ledger):
    root = list(seal(season()))[60][1]
    found = coliseum("rerate", ledger, "--root", root.upper(), "--json").json
    assert (found["root"], found["lines"]) == (root, 61)


def test_a_root_that_is_not_there_is_refused(coliseum, ledger):
    run = coliseum("rerate", ledger, "--root", "abc", "--json")
    assert (run.status, run.error["code"]) == (4, "ledger.unknown_root")


def test_a_changed_line_is_named(coliseum, ledger):
    content = ledger.read_bytes().splitlines(keepends=True)
    content[40] = content[40].replace(b'"rank":1', b'"rank":2', 1)
    ledger.write_bytes(b"".join(content))
    run = coliseum("rerate", ledger)
    assert run.status == 1
    assert run.out == ""
    assert "error [ledger.broken]" in run.err
    assert "line 41" in run.err


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 2, "ledger.unreadable"),
        (b"garbage \xff\x1b[2J", 2, "ledger.unreadable"),
        (b"[" * 100_000, 2, "ledger.unreadable"),
        (b"x" * 3_000_000, 2, "ledger.too_large"),
        (b"".join(lines([opening(version=7)])), 2, "ledger.version"),
        (b"".join(lines(entered())), 1, "ledger.broken"),
        (None, 2, "cli.no_such_file"),
    ],
)
def test_what_is_no_ledger_is_refused(coliseum, tmp_path, content, status, code):
    path = tmp_path / "ledger.jsonl"
    if content is not None:
        path.write_bytes(content)
    run = coliseum("rerate", path, "--json")
    assert (run.status, run.error["code"]) == (status, code)
    assert "\x1b" not in run.error["message"]
    assert code in REFUSALS


def test_a_folder_or_a_device_is_no_ledger(coliseum, tmp_path):
    for path in (tmp_path, "/dev/zero", "x" * 5000):
        assert coliseum("rerate", path, "--json").error["code"] == "cli.no_such_file"


def test_a_league_without_matches_is_an_empty_table(coliseum, tmp_path):
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b"".join(lines([opening(), *entered()])))
    assert coliseum("rerate", path, "--json").json["ratings"] == []
    assert coliseum("rerate", path).status == 0
