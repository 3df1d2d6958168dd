import json
import stat

import pytest

from workers.cli import remote

PLACE = "/competitions/ttt/submissions"
ME = {"name": "ann", "is_staff": False}
CHECK = {"name": "inspect", "ok": True, "code": "ok", "message": "one file", "hint": "", "seconds": 0.1}


def submission(state, **more):
    return {
        "id": "s1",
        "state": state,
        "url": "http://site/s1",
        "code": "",
        "message": "",
        "hint": "",
        **more,
    }


def interrupted():
    """Ctrl-C, at the moment the command asks."""
    raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(remote, "_POLL_SECONDS", 0.01)


def test_login_keeps_server_and_token_in_a_file_of_the_owner_alone(coliseum, config, site):
    site.put("/me", ME)
    config.parent.mkdir(mode=0o755)
    draft = config.with_suffix(".new")
    draft.write_text("left behind")
    draft.chmod(0o644)
    run = coliseum("login", site.address + "/", "--token", " secret-token ")
    assert run.status == 0
    assert "as ann" in run.err
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert not draft.exists()
    assert site.requests[0][2]["Authorization"] == "Bearer secret-token"
    site.put("/submissions/s1", submission("ready"))
    assert coliseum("status", "s1").out == "ready\n"
    assert site.requests[-1][2]["Authorization"] == "Bearer secret-token"


def test_login_tells_json_and_keeps_nothing_that_the_server_refused(coliseum, config, site):
    site.refuse("/me", 401, "auth.bad_token", "This API token is not valid.")
    assert coliseum("login", site.address, "--token", "x", "--json").error["code"] == "auth.bad_token"
    assert coliseum("login", site.address, "--token", "x").status == 3
    assert not config.exists()
    site.put("/me", ME)
    found = coliseum("login", site.address, "--token", "x", "--json").json
    assert found == {"server": site.address, "user": "ann", "config": str(config)}


@pytest.mark.parametrize("token", ["two words", "sécret", "a\nb"])
def test_a_token_that_cannot_be_sent_is_a_usage_error(coliseum, site, token):
    run = coliseum("login", site.address, "--token", token, "--json")
    assert (run.status, run.error["code"]) == (2, "cli.usage")
    assert site.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "http://[",
        "ftp://x",
        "http://",
        "http://x:port",
        "http://x:99999",
        "a b",
        "http://u:p@x",
        "http://x?q",
    ],
)
def test_what_is_no_address_is_a_usage_error(coliseum, address):
    run = coliseum("login", address, "--token", "x")
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("error [cli.usage] ")


def test_a_configuration_that_cannot_be_written_is_refused(coliseum, config, site, monkeypatch):
    site.put("/me", ME)
    monkeypatch.setenv("COLISEUM_CONFIG", str(config.parent.parent / "mine.py" / "config.toml"))
    assert coliseum("login", site.address, "--token", "x").status == 2


@pytest.mark.parametrize(
    "command", [("status", "s1"), ("leaderboard", "ttt"), ("submit", "mine.py", "-c", "ttt")]
)
def test_who_is_not_signed_in_is_told_so(coliseum, command):
    run = coliseum(*command)
    assert (run.status, run.out) == (3, "")
    assert run.err.startswith("error [cli.not_signed_in] Not signed in. Run: coliseum login\n  ")
    run = coliseum(*command, "--json")
    assert (run.status, run.error["code"]) == (3, "cli.not_signed_in")


@pytest.mark.parametrize(
    "command", [("status", "s1"), ("leaderboard", "ttt"), ("submit", "mine.py", "-c", "ttt")]
)
def test_an_unreachable_server_is_told_and_nothing_was_sent(coliseum, command):
    run = coliseum(*command, "--server", "http://127.0.0.1:9")
    assert (run.status, run.out) == (5, "")
    assert "[cli.unreachable] Cannot reach 127.0.0.1:9: Connection refused. Nothing was sent." in run.err
    assert coliseum(*command, "--server", "http://127.0.0.1:9", "--json").error["code"] == "cli.unreachable"
    assert coliseum(*command, "--server", "http://nosuch.invalid").status == 5
    assert coliseum(*command, "--server", "http://a..b").status == 2


@pytest.mark.parametrize(
    ("content", "place"),
    [("server = 'x'\n\ntoken 5\n", "line 3: "), ("server = [", ""), (b"\xff\xfe", "no text in UTF-8")],
)
def test_a_broken_configuration_is_told_with_its_line(coliseum, config, content, place):
    config.parent.mkdir()
    config.write_bytes(content if isinstance(content, bytes) else content.encode())
    run = coliseum("status", "s1")
    assert (run.status, run.out) == (2, "")
    assert "error [cli.bad_config]" in run.err
    assert "config.toml" in run.err
    assert place in run.err


def test_submit_sends_the_file_waits_and_tells_the_verdict(coliseum, signed_in):
    signed_in.put(PLACE, (201, submission("uploaded")))
    signed_in.put(
        "/submissions/s1",
        submission("validating"),
        submission("validating"),
        submission("ready", checks=[CHECK]),
    )
    run = coliseum("submit", "mine.py", "-c", "ttt", "--name", "n\udcff", "-m", "a note")
    assert run.status == 0
    assert run.err == "Accepted as http://site/s1\nvalidating\nready\n"
    assert run.out.startswith("ok   inspect")
    method, _, headers, body = signed_in.requests[0]
    assert (method, headers["Authorization"]) == ("POST", "Bearer a-token")
    assert b'name="file"; filename="mine.py"' in body
    assert b'name="note"\r\n\r\na note\r\n' in body
    assert b"def agent(observation):" in body
    key = headers["Idempotency-Key"]
    coliseum("submit", "mine.py", "-c", "ttt")
    assert [entry[2]["Idempotency-Key"] for entry in signed_in.requests if entry[0] == "POST"] == [key, key]


def test_submit_takes_a_folder_and_json_is_one_object(coliseum, signed_in, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "agent.py").write_text("x")
    signed_in.put(PLACE, (201, submission("uploaded")))
    run = coliseum("submit", "folder", "-c", "ttt", "--no-wait", "--json")
    assert (run.status, run.json["state"], run.err) == (0, "uploaded", "")
    assert b'filename="agent.zip"' in signed_in.requests[0][3]
    signed_in.put("/submissions/s1", submission("ready"))
    run = coliseum("submit", "folder", "-c", "ttt", "--json")
    assert (run.status, run.json["state"], run.err) == (0, "ready", "")


def test_a_rejected_submission_has_its_own_exit_status(coliseum, signed_in):
    signed_in.put(PLACE, (201, submission("uploaded")))
    verdict = submission(
        "rejected", code="crashed", message="It fell.\x1b[31m", hint="Mend it.", checks=[CHECK]
    )
    signed_in.put("/submissions/s1", verdict)
    run = coliseum("submit", "mine.py", "-c", "ttt")
    assert run.status == 6
    assert "error [crashed] It fell.\\x1b[31m\n  Mend it.\n" in run.err
    assert coliseum("submit", "mine.py", "-c", "ttt", "--json").status == 6
    assert coliseum("status", "s1").status == 0


@pytest.mark.parametrize("name", ["nosuch.py", "empty"])
def test_a_missing_file_is_refused_before_anything_is_sent(coliseum, signed_in, tmp_path, name):
    (tmp_path / "empty").mkdir()
    run = coliseum("submit", name, "-c", "ttt")
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith(("error [cli.no_such_file] No such file: nosuch.py", "error [cli.no_agent]"))
    assert signed_in.requests == []


def test_a_file_name_cannot_break_out_of_the_form(coliseum, signed_in, tmp_path):
    name = 'a"\r\nX-Evil: 1\n.py'
    (tmp_path / name).write_text("x")
    signed_in.put(PLACE, (201, submission("ready")))
    coliseum("submit", name, "-c", "ttt", "--no-wait")
    assert b'filename="a___X-Evil: 1_.py"\r\n' in signed_in.requests[0][3]


@pytest.mark.parametrize(
    ("status", "code", "exit_status"),
    [
        (401, "auth.bad_token", 3),
        (404, "not_found", 4),
        (409, "submission.duplicate", 1),
        (500, "internal", 5),
        (418, "never.heard", 1),
        (599, "never.heard", 5),
    ],
)
def test_what_the_server_refuses_is_shown_in_its_words(coliseum, signed_in, status, code, exit_status):
    signed_in.refuse("/competitions/ttt/leaderboard", status, code, "Nö: \x1b[2J€", "Try later.")
    run = coliseum("leaderboard", "ttt")
    assert (run.status, run.out) == (exit_status, "")
    assert run.err == f"error [{code}] Nö: \\x1b[2J€\n  Try later.\n"
    run = coliseum("leaderboard", "ttt", "--json")
    assert (run.status, run.error["message"]) == (exit_status, "Nö: \x1b[2J€")


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>hello</html>"),
        (200, b"\xff\xfe\xfa"),
        (200, b"[" * 100_000),
        (200, []),
        (200, "text"),
        (200, {}),
        (200, {"items": [{"rank": "x"}], "id": 5, "name": []}),
        (502, b"<html>Bad gateway</html>"),
        (500, {"error": "text"}),
        (500, {"error": {"code": "internal"}}),
        (302, b"", ("Location", "http://nosuch.invalid/")),
        (302, b"", ("Location", "file:///etc/passwd")),
    ],
)
def test_an_answer_of_another_kind_is_told_and_never_a_traceback(coliseum, signed_in, answer):
    for path in ("/me", "/submissions/s1", "/competitions/ttt/leaderboard", PLACE, "/matches/m1/replay"):
        signed_in.put(path, answer)
    for command in (
        ("login", signed_in.address, "--token", "x"),
        ("status", "s1"),
        ("leaderboard", "ttt"),
        ("submit", "mine.py", "-c", "ttt"),
    ):
        run = coliseum(*command, "--json")
        assert (run.status, run.error["code"]) == (5, "cli.bad_answer"), command
    assert coliseum("verify", "m1").status in (2, 5)


def test_a_token_does_not_follow_a_redirect_to_another_host(coliseum, signed_in):
    elsewhere = signed_in.address.replace("127.0.0.1", "localhost") + "/api/v1/submissions/s2"
    signed_in.put("/submissions/s1", (302, b"", ("Location", elsewhere)))
    signed_in.put("/submissions/s2", submission("ready"))
    assert coliseum("status", "s1").status == 5
    assert [entry[1] for entry in signed_in.requests] == ["/api/v1/submissions/s1"]
    signed_in.put("/submissions/s1", (302, b"", ("Location", "/api/v1/submissions/s2")))
    assert coliseum("status", "s1").out == "ready\n"


def test_names_are_quoted_on_their_way(coliseum, signed_in):
    assert coliseum("status", "a b/../ü?x#y").status == 5
    assert signed_in.requests[0][1] == "/api/v1/submissions/a%20b%2F..%2F%C3%BC%3Fx%23y"


def test_ctrl_c_during_the_upload_says_that_nothing_was_made(coliseum, signed_in, monkeypatch):
    monkeypatch.setattr("workers.remote._opener.open", lambda *_, **__: interrupted())
    run = coliseum("submit", "mine.py", "-c", "ttt")
    assert (run.status, run.out) == (130, "")
    assert "error [cli.interrupted] Stopped. The submission was not made." in run.err
    assert coliseum("submit", "mine.py", "-c", "ttt", "--json").error["code"] == "cli.interrupted"


def test_ctrl_c_while_waiting_says_that_it_was_accepted(coliseum, signed_in, monkeypatch):
    signed_in.put(PLACE, (201, submission("uploaded")))
    signed_in.put("/submissions/s1", submission("validating"))
    monkeypatch.setattr(remote.time, "sleep", lambda _: interrupted())
    run = coliseum("submit", "mine.py", "-c", "ttt")
    assert run.status == 130
    assert "Stopped; submission s1 was already accepted." in run.err
    run = coliseum("submit", "mine.py", "-c", "ttt", "--json")
    assert (run.status, "s1" in run.error["message"]) == (130, True)


def test_a_server_that_is_away_for_a_moment_is_asked_again(coliseum, signed_in, monkeypatch):
    signed_in.put(PLACE, (201, submission("uploaded")))
    signed_in.put("/submissions/s1", None, submission("ready"))
    assert coliseum("submit", "mine.py", "-c", "ttt", "--json").json["state"] == "ready"
    monkeypatch.setattr(remote, "_PATIENCE_SECONDS", 0.0)
    signed_in.put("/submissions/s1", None)
    run = coliseum("submit", "mine.py", "-c", "ttt", "--json")
    assert run.status == 5
    assert "Submission s1 was already accepted" in run.error["message"]


def test_a_connection_that_breaks_after_the_upload_does_not_claim_that_nothing_was_sent(coliseum, signed_in):
    signed_in.put(PLACE, None)
    run = coliseum("submit", "mine.py", "-c", "ttt")
    assert run.status == 5
    assert "Nothing was sent" not in run.err
    assert "Run the same command again." in run.err


def test_a_leaderboard_is_a_table_and_foreign_names_cannot_steer_the_terminal(coliseum, signed_in):
    row = {
        **{"rank": 1, "rank_low": 1, "rank_high": 2, "agent": "evil\x1b[2J\u202e", "rating": 12.345},
        **{"low": -3.0, "high": 20.0, "matches": 7, "provisional": True, "team": "ann"},
    }
    signed_in.put(
        "/competitions/ttt/leaderboard", {"items": [row, row | {"provisional": False}], "matches": 7}
    )
    run = coliseum("leaderboard", "ttt")
    assert run.status == 0
    assert "\x1b" not in run.out
    assert "\u202e" not in run.out
    assert all(cell in run.out for cell in ("1 (1-2)", "12.35", "provisional"))
    assert json.loads(coliseum("leaderboard", "ttt", "--json").out)["items"][0] == row
    signed_in.put("/competitions/ttt/leaderboard", {"items": []})
    assert coliseum("leaderboard", "ttt").err == "No rated match yet.\n"
