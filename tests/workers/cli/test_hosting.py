"""`coliseum host`: a file is made, tested with the baselines in the real sandbox, and opened on a site."""

import json

import pytest

from tests.workers.shapes import answer
from workers.client.answers.competition_answers import CompetitionWritten
from workers.hosting.reading import MOST_BYTES, read_toml
from workers.hosting.schema import make_schema

TIC = """\
[competition]
slug = "tic"
title = "Tic"
arena = "tictactoe-v3"

[[tournament]]
name = "Cup"
format = "single_elimination"
best_of = 3
"""
PLACE = "/competitions/tic/competition.toml"
MADE = answer(CompetitionWritten, slug="tic", title="Tic", state="draft", url="http://site/tic", created=True)


@pytest.fixture
def tic(config, tmp_path):
    path = tmp_path / "tic.toml"
    path.write_text(TIC)
    return path


def test_a_new_file_is_right_and_is_never_written_over(coliseum, tmp_path):
    run = coliseum("host", "new")
    assert (run.status, run.out) == (0, "  coliseum host check competition.toml\n")
    assert coliseum("host", "check", "--no-play").err.startswith(
        "competition.toml is right: Connect Four Cup"
    )
    again = coliseum("host", "new", "competition.toml", "--json")
    assert (again.status, again.error["code"]) == (2, "cli.usage")
    run = coliseum("host", "new", "other.toml", "--arena", "LunarLander-v3", "--json")
    assert run.json == {"file": "other.toml", "arena": "LunarLander-v3"}
    assert read_toml((tmp_path / "other.toml").read_bytes()).tournament == ()
    assert (
        coliseum("host", "new", "x.toml", "--arena", "tictacto-v3", "--json").error["code"] == "arena.unknown"
    )
    assert coliseum("host", "new", "no/such/folder.toml").status == 2


def test_the_schema_is_printed(coliseum, config):
    assert coliseum("host", "schema").json == json.loads(json.dumps(make_schema()))


def test_problems_are_told_as_editors_understand_them(coliseum, tic):
    tic.write_text(TIC.replace("best_of = 3", "best_of = 4").replace('title = "Tic"', 'titel = "Tic"'))
    run = coliseum("host", "check", "tic.toml")
    assert run.status == 2
    title = "competition.title is missing; it must be a text of 1 to 80 characters."
    titel = "There is no key competition.titel. Did you mean competition.title?"
    best_of = "tournament[0].best_of: best_of is 4; it must be odd."
    assert run.err.splitlines()[::2] == [
        f"tic.toml:1: [hosting.missing_key] {title}",
        f"tic.toml:3: [hosting.unknown_key] {titel}",
        f"tic.toml:9: [hosting.unsupported] {best_of}",
        "3 to put right.",
    ]
    error = coliseum("host", "check", "tic.toml", "--json").error
    assert [each["path"] for each in error["problems"]] == [
        "competition.title",
        "competition.titel",
        "tournament[0].best_of",
    ]


@pytest.mark.parametrize("command", ["check", "open"])
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "hosting.empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "hosting.not_text"),
        (b"\xe4", "hosting.not_text"),
        (b"x" * (MOST_BYTES + 9), "hosting.too_large"),
        (b"a = [", "hosting.bad_toml"),
    ],
)
def test_what_is_no_file_of_ours_is_refused_before_anything_is_sent(
    coliseum, signed_in, tic, command, content, code
):
    tic.write_bytes(content)
    run = coliseum("host", command, "tic.toml", "--json")
    assert run.status == 2
    assert [each["code"] for each in run.error["problems"]] == [code]
    assert signed_in.requests == []


def test_a_path_that_is_no_file(coliseum, config, tmp_path):
    for path in ("nothing.toml", tmp_path, "/dev/zero"):
        run = coliseum("host", "check", path, "--json")
        assert (run.status, run.error["code"]) == (2, "cli.no_such_file")


def test_check_plays_the_baselines_and_tells_what_to_expect(coliseum, tic):
    report = coliseum("host", "check", "tic.toml", "--matches", "6", "--teams", "4", "--json").json
    trial = report["trial"]
    assert (report["ok"], report["slug"], report["problems"]) == (True, "tic", [])
    assert (trial["matches"], trial["episodes"]) == (6, 12)
    assert trial["agents"] == ["random", "minimax"]
    assert trial["match_seconds"] >= trial["start_seconds"] >= 0
    assert trial["separation"] > 0.9
    assert trial["is_repeatable"] is True
    assert len(trial["seats"]) == 2
    assert 0 < trial["matches_to_50_elo"] < trial["matches_to_25_elo"]
    assert report["load"]["matches"] == 4 * 2 * 200 // 2
    (cup,) = report["tournaments"]
    assert (cup["entrants"], cup["rounds"], cup["runs"]) == (8, 3, 300)
    assert 0.2 < cup["crowning"] <= 1
    assert "few_matches" in {each["code"] for each in report["warnings"]}
    assert report["faults"] == []


def test_check_tells_people_the_same(coliseum, tic):
    tic.write_text(TIC + "[limits]\nload_seconds = 0.1\nstep_seconds = 0.001\nbank_seconds = 0\n")
    run = coliseum("host", "check", "tic.toml", "--matches", "2", "--seconds", "0")
    assert run.status == 0
    assert run.out.startswith("1 matches, 2 episodes, isolation ")
    for words in ("to know an agent to ±50 Elo", "Load, with 20 teams", "crowns the best", "Cup", "advised"):
        assert words in run.out
    assert "warning [few_matches]" in run.err


def test_an_arena_of_one_seat_is_tried_by_its_scores(coliseum, tic):
    tic.write_text(TIC.split("[[")[0].replace("tictactoe-v3", "CartPole-v1"))
    trial = coliseum("host", "check", "tic.toml", "--matches", "8", "--json").json["trial"]
    assert len(trial["ratings"]) == len(trial["agents"])
    assert (trial["advice"], trial["matches_to_50_elo"]) == (None, 0)
    assert trial["is_repeatable"] is True


def test_open_sends_the_file_and_opens_what_was_made(coliseum, signed_in, tic):
    signed_in.put(PLACE, MADE)
    signed_in.put("/competitions/tic/state", MADE | {"state": "open"})
    run = coliseum("host", "open", "tic.toml")
    assert (run.status, run.err) == (0, "Tic is open: http://site/tic\n")
    (put, moved) = signed_in.requests
    assert (put[0], put[2]["Content-Type"], put[3]) == ("PUT", "application/toml", TIC.encode())
    assert json.loads(moved[3]) == {"state": "open"}


def test_a_draft_stays_one_when_asked_and_a_change_is_told(coliseum, signed_in, tic):
    signed_in.put(
        PLACE, MADE, MADE | {"state": "open", "created": False, "changed": ["quotas.target_matches"]}
    )
    assert coliseum("host", "open", "tic.toml", "--draft", "--json").json["state"] == "draft"
    run = coliseum("host", "open", "tic.toml")
    assert run.err == "Tic is open, changed: quotas.target_matches. http://site/tic\n"
    assert [request[0] for request in signed_in.requests] == ["PUT", "PUT"]


def test_what_the_site_refuses_is_told_with_its_code(coliseum, signed_in, tic):
    signed_in.refuse(PLACE, 409, "competition.started", "These keys stay as they are: limits.threads.")
    run = coliseum("host", "open", "tic.toml", "--json")
    assert (run.status, run.error["code"]) == (1, "competition.started")
    signed_in.put(PLACE, (200, b"<html>"))
    assert coliseum("host", "open", "tic.toml", "--json").error["code"] == "cli.bad_answer"
    assert coliseum("host", "open", "tic.toml", "--server", "http://127.0.0.1:1", "--json").status == 5
