"""Sending an agent: what is sent, what is told, and what Ctrl-C, cuts and refusals do."""

import re
from hashlib import sha256
from http.client import HTTPResponse

import pytest

from tests.workers.shapes import answer
from workers.cli import following
from workers.client.answers.competition_answers import CompetitionDetail, CompetitionPage, CompetitionRow
from workers.client.answers.submission_answers import (
    CheckRow,
    SubmissionDetail,
    SubmissionPage,
    SubmissionRow,
)

PLACE = "/competitions/ttt/submissions"
TTT = answer(CompetitionDetail, slug="ttt", arena="tictactoe-v3", limits={"step_seconds": 2.0})
CHECK = answer(CheckRow, name="inspect", ok=True, code="ok", message="one file", seconds=0.1)
PLAIN = ("submit", "mine.py", "-c", "ttt", "--no-check")


def submission(state, **more):
    return answer(SubmissionDetail, id="s1", state=state, url="http://site/s1", **more)


def interrupted(*_, **__):
    """Ctrl-C, at this moment."""
    raise KeyboardInterrupt


def test_submit_sends_the_file_waits_and_tells_checks_as_they_come(coliseum, signed_in):
    signed_in.put(PLACE, (201, submission("uploaded")))
    start = CHECK | {"name": "start"}
    signed_in.put(
        "/submissions/s1",
        submission("validating"),
        submission("validating", checks=[CHECK]),
        submission(
            "ready", checks=[CHECK, start], submissions_left=1, submissions_reset_at="2026-11-23T00:00:00Z"
        ),
    )
    run = coliseum(*PLAIN, "--name", "n\udcff", "-m", "a note", "--only-if-better")
    assert run.status == 0
    quota = "1 submission left today (until 2026-11-23 00:00 UTC)"
    assert run.err.splitlines() == ["Accepted as http://site/s1", "validating", "ready", quota]
    assert [line.split()[1] for line in run.out.splitlines()] == ["inspect", "start"]
    method, _, headers, body = signed_in.requests[0]
    assert (method, headers["Authorization"]) == ("POST", "Bearer a-token")
    assert b'name="file"; filename="mine.py"' in body
    assert b'name="note"\r\n\r\na note\r\n' in body
    assert b'name="only_if_better"\r\n\r\ntrue\r\n' in body
    assert b"def agent(observation):" in body
    key = headers["Idempotency-Key"]
    coliseum(*PLAIN)
    assert [entry[2]["Idempotency-Key"] for entry in signed_in.requests if entry[0] == "POST"] == [key, key]


def test_an_agent_is_tested_here_before_it_is_sent(coliseum, signed_in, tmp_path):
    signed_in.put("/competitions/ttt", TTT)
    signed_in.put(PLACE, (201, submission("ready")))
    (tmp_path / "bad.py").write_text("def agent(observation):\n    return 99\n")
    run = coliseum("submit", "bad.py", "-c", "ttt")
    assert run.status == 6
    assert "FAIL conformance" in run.out
    assert "error [cli.not_sent] The step conformance failed here with" in run.err
    assert {each[0] for each in signed_in.requests} == {"GET"}
    run = coliseum("submit", "mine.py", "-c", "http://site/competitions/ttt/", "--no-wait")
    assert run.status == 0
    assert run.err.startswith("Testing it here, as the server will:\nAccepted as")


def test_an_arena_that_is_not_here_is_left_to_the_server(coliseum, signed_in):
    signed_in.put("/competitions/ttt", TTT | {"arena": "of_tomorrow-v1"})
    signed_in.put(PLACE, (201, submission("ready")))
    run = coliseum("submit", "mine.py", "-c", "ttt", "--no-wait")
    assert run.status == 0
    assert "Not tested here (There is no arena of_tomorrow-v1" in run.err


@pytest.mark.parametrize("check", ["--check", "--no-check"])
def test_a_competition_that_is_not_there_is_asked_back_with_the_nearest(coliseum, signed_in, check):
    for path in ("/competitions/tttt", "/competitions/tttt/submissions"):
        signed_in.refuse(path, 404, "not_found", "There is no competition tttt.")
    row = answer(CompetitionRow, slug="ttt")
    signed_in.put("/competitions", answer(CompetitionPage, items=[row]))
    run = coliseum("submit", "mine.py", "-c", "tttt", check)
    assert run.status == 4
    assert "There is no competition tttt. Did you mean ttt?" in run.err


def test_submit_takes_a_folder_and_json_is_one_object(coliseum, signed_in, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "agent.py").write_text("x")
    signed_in.put(PLACE, (201, submission("uploaded")))
    run = coliseum("submit", "folder", "-c", "ttt", "--no-check", "--no-wait", "--json")
    assert (run.status, run.json["state"], run.err) == (0, "uploaded", "")
    assert b'filename="agent.zip"' in signed_in.requests[0][3]
    signed_in.put("/submissions/s1", submission("ready"))
    run = coliseum("submit", "folder", "-c", "ttt", "--no-check", "--json")
    assert (run.status, run.json["state"], run.err) == (0, "ready", "")


def test_a_rejected_submission_has_its_own_exit_status(coliseum, signed_in):
    signed_in.put(PLACE, (201, submission("uploaded")))
    fell = CHECK | {"ok": False, "evidence": "Traceback:\nIndexError\x1b[31m"}
    verdict = submission(
        "rejected", code="crashed", message="It fell.\x1b[31m", hint="Mend it.", checks=[fell]
    )
    signed_in.put("/submissions/s1", verdict)
    run = coliseum(*PLAIN)
    assert run.status == 6
    assert "     | IndexError\\x1b[31m\n" in run.out
    assert "error [crashed] It fell.\\x1b[31m\n  Mend it.\n" in run.err
    assert coliseum(*PLAIN, "--json").status == 6
    assert coliseum("status", "s1").status == 0
    assert coliseum("watch", "s1").status == 6


@pytest.mark.parametrize("name", ["nosuch.py", "empty"])
def test_b81_a_missing_file_is_refused_before_anything_is_sent(coliseum, signed_in, tmp_path, name):
    (tmp_path / "empty").mkdir()
    run = coliseum("submit", name, "-c", "ttt")
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith(("error [cli.no_such_file] No such file: nosuch.py", "error [cli.no_agent]"))
    assert signed_in.requests == []


def test_a_file_name_cannot_break_out_of_the_form(coliseum, signed_in, tmp_path):
    name = 'a"\r\nX-Evil: 1\n.py'
    (tmp_path / name).write_text("x")
    signed_in.put(PLACE, (201, submission("ready")))
    coliseum("submit", name, "-c", "ttt", "--no-check", "--no-wait")
    assert b'filename="a___X-Evil: 1_.py"\r\n' in signed_in.requests[0][3]


def test_b84_ctrl_c_during_the_upload_says_that_nothing_was_made(coliseum, signed_in, monkeypatch):
    monkeypatch.setattr("workers.cli.submit.Progress.__call__", interrupted)
    run = coliseum(*PLAIN)
    assert (run.status, run.out) == (130, "")
    assert "error [cli.interrupted] Stopped. The submission was not made." in run.err
    assert coliseum(*PLAIN, "--json").error["code"] == "cli.interrupted"


def test_b84_ctrl_c_before_the_answer_asks_whether_it_was_accepted(
    coliseum, signed_in, monkeypatch, tmp_path
):
    read = HTTPResponse.read
    came = iter([True])

    def interrupted_once(answer, *arguments):
        # Ctrl-C comes after all was sent, before the first answer is read.
        return interrupted() if next(came, False) else read(answer, *arguments)

    digest = sha256((tmp_path / "mine.py").read_bytes()).hexdigest()
    signed_in.put(PLACE, (201, submission("uploaded")))
    signed_in.put("/submissions", answer(SubmissionPage, items=[answer(SubmissionRow, id="s1")]))
    signed_in.put("/submissions/s1", submission("validating", digest=digest))
    monkeypatch.setattr(HTTPResponse, "read", interrupted_once)
    run = coliseum(*PLAIN)
    assert (run.status, run.out) == (130, "")
    assert "Stopped; submission s1 was already accepted." in run.err
    signed_in.put("/submissions/s1", submission("validating", digest="of another"))
    came = iter([True])
    run = coliseum(*PLAIN)
    assert "Stopped while waiting for the answer of 127.0.0.1" in run.err


def test_b84_ctrl_c_while_waiting_says_that_it_was_accepted(coliseum, signed_in, monkeypatch):
    signed_in.put(PLACE, (201, submission("uploaded")))
    signed_in.put("/submissions/s1", submission("validating"))
    monkeypatch.setattr(following, "sleep", interrupted)
    run = coliseum(*PLAIN)
    assert run.status == 130
    assert "Stopped; submission s1 was already accepted." in run.err
    run = coliseum(*PLAIN, "--json")
    assert (run.status, "s1" in run.error["message"]) == (130, True)
    run = coliseum("watch", "s1")
    assert (run.status, "Stopped while watching s1; it goes on." in run.err) == (130, True)


def test_a_server_that_is_away_for_a_moment_is_asked_again(coliseum, signed_in, monkeypatch):
    signed_in.put(PLACE, None, (503, {}), (201, submission("uploaded")))
    signed_in.put("/submissions/s1", None, (500, b""), submission("ready"))
    assert coliseum(*PLAIN, "--json").json["state"] == "ready"
    assert len({each[2]["Idempotency-Key"] for each in signed_in.requests if each[0] == "POST"}) == 1
    monkeypatch.setattr(following, "_PATIENCE_SECONDS", 0.0)
    signed_in.put("/submissions/s1", None)
    run = coliseum(*PLAIN, "--json")
    assert run.status == 5
    assert "Submission s1 was already accepted" in run.error["message"]


def test_a_connection_that_breaks_after_the_upload_does_not_claim_that_nothing_was_sent(coliseum, signed_in):
    signed_in.put(PLACE, None)
    run = coliseum(*PLAIN)
    assert run.status == 5
    assert "Nothing was sent" not in run.err
    assert "Run the same command again." in run.err


def test_a_long_upload_tells_how_far_it_is_in_plain_lines(coliseum, signed_in, monkeypatch, tmp_path):
    monkeypatch.setattr("workers.cli.progress._QUIET_SECONDS", 0.0)
    monkeypatch.setattr("workers.cli.progress._LOG_SECONDS", 0.0)
    (tmp_path / "big.py").write_bytes(b"#" * 200_000)
    signed_in.put(PLACE, (201, submission("ready")))
    run = coliseum("submit", "big.py", "-c", "ttt", "--no-check", "--no-wait")
    told = [line for line in run.err.splitlines() if line.startswith("Uploading big.py: ")]
    assert re.fullmatch(r"Uploading big.py: 0.2 of 0.2 MB, 100%, [\d.]+ MB/s, 0 s left", told[-1])
    assert len(told) == 4
    assert "\r" not in run.err
    assert coliseum("submit", "big.py", "-c", "ttt", "--no-check", "--no-wait", "--json").err == ""
