"""What goes over the wire: what is repeated and what never is, how long answers may be, what stays secret."""

import json
import pickle
import socket
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workers.shapes import answer
from workers.client import Client, Patience, RefusedError
from workers.client.answers.board_answers import Leaderboard, StandingRow
from workers.client.answers.competition_answers import CompetitionWritten, Me
from workers.client.answers.match_answers import MatchPage, MatchRow, ReplayFile
from workers.client.answers.submission_answers import SubmissionDetail
from workers.client.calls import Calls
from workers.client.login import Login
from workers.client.refused import refusal_of
from workers.client.wire import Wire

ME = answer(Me, name="ann")
SENT = answer(SubmissionDetail, id="s1")


def refused(call, *arguments, **facts):
    with pytest.raises(RefusedError) as error:
        call(*arguments, **facts)
    return error.value


@pytest.mark.parametrize(
    "trouble", [None, (500, b""), (502, b"<html>"), (503, {}), (200, b"{", ("Content-Length", "9"))]
)
def test_reading_is_tried_again_after_what_may_pass(client, site, rests, trouble):
    site.put("/me", trouble, trouble, ME)
    assert client.get_me().name == "ann"
    assert len(site.requests) == 3
    first, second = rests
    assert 0.15 <= first <= 0.3
    assert 0.45 <= second <= 0.9


def test_after_the_last_try_the_refusal_is_told(client, site, rests):
    site.refuse("/me", 503, "service.unavailable", "Closed for repairs.")
    error = refused(client.get_me)
    assert (error.code, error.message, error.status, int(error.exit_code)) == (
        "service.unavailable",
        "Closed for repairs.",
        503,
        5,
    )
    assert len(site.requests) == 4
    site.put("/me", None)
    assert refused(client.get_me).code == "cli.unreachable"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422])
def test_what_the_server_refuses_for_good_is_asked_once(client, site, rests, status):
    problems = [{"line": 3, "code": "hosting.x"}]
    body = {"code": "a.code", "message": "No.", "field": "name", "request_id": "r1", "problems": problems}
    site.put("/me", (status, {"error": body}))
    error = refused(client.get_me)
    assert (len(site.requests), rests) == (1, [])
    assert (error.field, error.request_id, error.hint) == ("name", "r1", "")
    assert error.as_problem()["error"]["problems"] == problems


def test_a_post_carries_a_key_of_its_own_and_is_sent_again_with_the_same(client, site, rests):
    busy = (409, {"error": {"code": "request.in_progress", "message": "Wait."}})
    site.put("/submissions/s1/activate", None, busy, (500, b""), SENT)
    assert client.activate_submission("s1").id == "s1"
    keys = [each[2]["Idempotency-Key"] for each in site.requests]
    assert len(keys) == 4
    assert len(set(keys)) == 1
    client.activate_submission("s1")
    assert site.requests[-1][2]["Idempotency-Key"] not in keys


def test_what_has_no_key_is_never_sent_twice(client, site, rests):
    site.put("/competitions/c/competition.toml", (500, b""), answer(CompetitionWritten))
    assert refused(client.put_competition_file, "c", b"x").code == "cli.bad_answer"
    site.put("/me/token", None, (204, b""))
    error = refused(client.revoke_token)
    assert (error.code, int(error.exit_code)) == ("cli.interrupted", 5)
    assert ([each[0] for each in site.requests], rests) == (["PUT", "DELETE"], [])


def test_a_server_that_asks_for_a_wait_gets_it_unless_it_is_long(client, site, rests):
    limited = {"error": {"code": "rate.limited", "message": "Slowly."}}
    site.put("/me", (429, limited, ("Retry-After", "7")), ME)
    assert client.get_me().name == "ann"
    assert rests == [7]
    site.put("/me", (429, limited, ("Retry-After", "60")), ME)
    error = refused(client.get_me)
    assert (error.code, error.retry_after, rests) == ("rate.limited", 60, [7])
    for odd in ("soon", "-1", "1e9", "²"):
        site.put("/me", (429, limited, ("Retry-After", odd.encode().decode("latin-1"))), ME)
        assert refused(client.get_me).retry_after is None


def test_patience_is_bounded():
    waits = list(Patience(tries=9, first_seconds=1.0, most_seconds=10.0).waits())
    assert len(waits) == 8
    assert all(wait <= 10 for wait in waits)
    assert list(Patience(tries=1).waits()) == []


def test_an_answer_that_is_too_long_is_not_read(client, site, monkeypatch, tmp_path):
    monkeypatch.setattr("workers.client.wire.MOST_JSON", 1000)
    site.put("/me", ME | {"name": "x" * 2000})
    error = refused(client.get_me)
    assert (error.code, "longer than" in error.message) == ("cli.bad_answer", True)
    monkeypatch.setattr("workers.client.wire.MOST_FILE", 1000)
    site.put("/competitions/c/ledger", (200, b"x" * 2000))
    assert "longer than" in refused(client.get_ledger, "c", tmp_path / "ledger").message
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_cut_off_is_not_kept(client, site, rests, tmp_path):
    site.put("/competitions/c/ledger", (200, b"half", ("Content-Length", "100")))
    old = tmp_path / "ledger"
    old.write_text("whole")
    assert refused(client.get_ledger, "c", old).code == "cli.unreachable"
    assert [path.read_text() for path in tmp_path.iterdir()] == ["whole"]


def test_an_answer_that_has_not_changed_is_taken_from_the_last_one(client, site):
    board = answer(Leaderboard, digest="abc")
    site.put("/competitions/c/leaderboard", (200, board, ("ETag", '"1"')), (304, b""))
    assert client.get_leaderboard("c") == client.get_leaderboard("c")
    assert [each[2].get("If-None-Match") for each in site.requests] == [None, '"1"']


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_write_follows_no_redirect_at_all(client, site, status):
    site.put("/submissions/s1/activate", (status, b"", ("Location", "/api/v1/me")))
    site.put("/me", SENT)
    assert refused(client.activate_submission, "s1").code == "cli.bad_answer"
    assert [each[0] for each in site.requests] == ["POST"]


def test_the_token_is_in_no_text_of_the_client(client, site):
    login = client._wire.login
    assert "col_secret" not in f"{client!r} {client._wire!r} {login!r} {vars(client)!r}"
    site.refuse("/me", 401, "auth.bad_token")
    assert "col_secret" not in repr(vars(refused(client.get_me)))


def test_a_list_ends_where_it_was_told_to(client, site):
    rows = [answer(MatchRow, id=str(number)) for number in range(3)]
    site.put("/competitions/c/matches", answer(MatchPage, items=rows, next="c"))
    assert [each.id for each in client.list_matches("c", most=2, agent="a", seed=0)] == ["0", "1"]
    assert site.requests[0][1].endswith("?agent=a&seed=0&limit=2")
    assert list(client.list_matches("c", most=0)) == []
    assert len(site.requests) == 1


def test_rows_for_a_notebook_have_plain_cells(client, site):
    row = answer(StandingRow, agent="ann", roles=[{"role": "good"}], flags=["x"])
    site.put("/competitions/c/leaderboard", answer(Leaderboard, items=[row], total=1))
    (found,) = client.leaderboard("c").to_rows()
    assert (found["agent"], found["roles"], found["flags"]) == ("ann", [{"role": "good"}], ["x"])
    assert set(found) == set(row)


def test_answers_are_frozen_and_read_as_what_the_schema_says(client, site):
    site.put("/me", ME)
    me = client.get_me()
    with pytest.raises(AttributeError):
        me.name = "eve"
    assert pickle.loads(pickle.dumps(me)) == me
    assert me.to_dict() == ME


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=50, deadline=None)
@given(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200))
def test_no_answer_breaks_the_client(content):
    calls = Calls(Wire(Login("http://site"), Patience()))
    assert refused(calls._understood, content, ReplayFile).code == "cli.bad_answer"
    refusal = refusal_of(content, 500, None, "site")
    assert refusal.status >= 500
    assert json.dumps(refusal.as_problem())


def test_a_client_without_a_server_asks_to_sign_in(monkeypatch, tmp_path):
    monkeypatch.setenv("COLISEUM_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.delenv("COLISEUM_SERVER", raising=False)
    monkeypatch.delenv("COLISEUM_TOKEN", raising=False)
    assert refused(Client).code == "cli.not_signed_in"
    assert Client("site.example").server == "http://site.example"


def test_a_server_that_had_enough_before_all_was_sent_is_heard(rests):
    said = json.dumps({"error": {"code": "upload.too_large", "message": "At most 50 MB."}}).encode()

    def refuse_at_once(listening):
        connection, _ = listening.accept()
        with connection:
            connection.recv(1000)
            head = f"HTTP/1.1 413 Too Large\r\nContent-Length: {len(said)}\r\nConnection: close\r\n\r\n"
            connection.sendall(head.encode() + said)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=refuse_at_once, args=(listening,))
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        client = Client(address, "t", patience=Patience(tries=1, answer_seconds=5.0))
        error = refused(client.submit, "c", b"#" * 20_000_000)
        thread.join()
    assert (error.code, error.message, rests) == ("upload.too_large", "At most 50 MB.", [])
