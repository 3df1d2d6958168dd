"""Requests that cannot be read, and the one error shape for all of them."""

import json
from types import SimpleNamespace

import pytest
from django.test import Client

from coliseum import clock
from coliseum.api import rates
from coliseum.competitions.models import Competition
from tests.platform.api.conftest import ROOT, refusal

GOOD = {"slug": "new-cup", "title": "New Cup", "arena": "connect_four-v3"}


@pytest.fixture
def api(caller, host):
    """Return the host with a token that may run competitions."""
    return caller(host, "host", "submit")


def test_a_good_body_makes_a_competition(api):
    answer = api.post("/competitions", GOOD | {"closes_at": "2090-01-01T00:00:00Z"})
    assert answer.status_code == 201, answer.content
    assert answer.json()["state"] == "draft"
    assert answer.json()["hosts"] == ["host"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"slug": "x", oops}', "The request body is not valid JSON (line 1, column 15)."),
        (b'{"slug":\n "x"', "The request body is not valid JSON (line 2, column 5)."),
        (b'{"slug": "\xff"}', "The request body is not valid JSON (line 1, column 11)."),
        (b"[" * 200_000, "The request body is nested too deeply."),
        (b'{"a":' * 200_000, "The request body is nested too deeply."),
    ],
)
def test_b41_b42_json_that_cannot_be_read(api, body, message):
    assert refusal(api.send("/competitions", body)) == (400, "request.bad_json", message)


def test_b43_an_unknown_field_is_refused_with_the_known_ones(api):
    found = refusal(api.send("/competitions", b'{"slug": "x", "slug": "y"}'))
    assert found == (400, "request.unknown_field", "The request body names slug twice.")
    status, code, message = refusal(api.post("/competitions/c4/state", {"state": "open", "winner": "ann"}))
    assert (status, code, message) == (
        400,
        "request.unknown_field",
        "Unknown field: winner. Known: state, reason.",
    )


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"arena": 5}, "request.bad_field", "arena must be a text, not a number."),
        ({"arena": None}, "request.bad_field", "arena must be a text, not null."),
        ({"title": ["x"]}, "request.bad_field", "title must be a text, not a list."),
        (
            {"daily_submissions": "5"},
            "request.bad_field",
            "daily_submissions must be a whole number, not a text.",
        ),
        (
            {"daily_submissions": 5.5},
            "request.bad_field",
            "daily_submissions must be a whole number, not a number.",
        ),
        (
            {"daily_submissions": True},
            "request.bad_field",
            "daily_submissions must be a whole number, not true or false.",
        ),
        (
            {"daily_submissions": float("nan")},
            "request.bad_field",
            "daily_submissions must be an ordinary number.",
        ),
        (
            {"daily_submissions": float("inf")},
            "request.bad_field",
            "daily_submissions must be an ordinary number.",
        ),
        (
            {"daily_submissions": 10**400},
            "request.bad_field",
            "daily_submissions must be an ordinary number.",
        ),
        (
            {"opens_at": 5},
            "request.bad_field",
            "opens_at must be a time with its zone, like 2026-11-22T12:00:00Z, not a number.",
        ),
        (
            {"opens_at": "2026-11-22T12:00:00"},
            "request.bad_field",
            "opens_at must be a time with its zone, like 2026-11-22T12:00:00Z.",
        ),
        (
            {"opens_at": "soon"},
            "request.bad_field",
            "opens_at must be a time with its zone, like 2026-11-22T12:00:00Z.",
        ),
        (
            {"rules": "a\0b"},
            "request.bad_field",
            "rules must be a text without zero characters and halves of characters.",
        ),
        ({"summary": "\ud800"}, "request.bad_field", None),
        ({"summary": "x" * 201}, "request.bad_field", "summary must be a text of at most 200 characters."),
        ({"daily_submissions": 0}, "competition.bad_setting", None),
        ({"daily_submissions": -1}, "competition.bad_setting", None),
        ({"target_matches": 10**9}, "competition.bad_setting", None),
        ({"slug": "Not A Slug"}, "competition.bad_setting", None),
        ({"title": " "}, "name.length", None),
        (
            {"opens_at": "2030-01-02T00:00:00Z", "closes_at": "2030-01-01T00:00:00Z"},
            "competition.bad_setting",
            "The end (2030-01-01 00:00 UTC) must be after the start (2030-01-02 00:00 UTC).",
        ),
    ],
)
def test_b44_b46_b64_a_field_of_the_wrong_kind(api, body, code, message):
    found = refusal(api.post("/competitions", GOOD | body))
    assert found[:2] == (400, code)
    assert message in {None, found[2]}
    assert not Competition.objects.exists()


def test_b65_an_unknown_arena_gets_the_nearest_names(api):
    status, code, message = refusal(api.post("/competitions", GOOD | {"arena": "chess_v9"}))
    assert (status, code) == (404, "arena.unknown")
    assert "Did you mean chess_v6" in message or "chess-v6" in message or "chess_v6" in message


def test_a_missing_field_is_named(api):
    assert refusal(api.post("/competitions", {"title": "x", "arena": "y"})) == (
        400,
        "request.missing_field",
        "The field slug is missing.",
    )


def test_a_missing_body_and_a_body_that_is_no_object(api):
    assert refusal(api.send("/competitions", b""))[:2] == (400, "request.missing_field")
    assert refusal(api.send("/competitions", b"[1]")) == (
        400,
        "request.bad_field",
        "The body must be a JSON object, not a list.",
    )


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense"]
)
def test_b45_another_content_type(api, kind):
    message = "Send application/json or multipart/form-data."
    answer = api.send("/competitions", json.dumps(GOOD).encode(), content_type=kind)
    assert refusal(answer) == (415, "request.unsupported_media_type", message)


def test_json_where_a_form_is_wanted_and_the_other_way_round(api, competition):
    api.post("/competitions/c4/join")
    assert (
        refusal(api.post("/competitions/c4/submissions", {"file": "x"}))[1]
        == "request.unsupported_media_type"
    )
    form = b'--x\r\nContent-Disposition: form-data; name="slug"\r\n\r\nx\r\n--x--\r\n'
    answer = api.send("/competitions", form, content_type="multipart/form-data; boundary=x")
    assert refusal(answer)[1] == "request.unsupported_media_type"


def test_a_form_without_a_boundary(api, competition):
    answer = api.send("/competitions/c4/submissions", b"x", content_type="multipart/form-data")
    assert refusal(answer)[:2] == (400, "request.bad_field")


def test_a_body_over_the_limit(api):
    answer = api.send("/competitions", b'{"title": "' + b"x" * 3_000_000 + b'"}')
    assert refusal(answer) == (413, "request.too_large", "The request body is larger than 2 MB.")


def test_b79_too_many_fields_and_a_long_address(api, competition):
    fields = {f"f{number}": "x" for number in range(300)}
    answer = api.client.post(f"{ROOT}/competitions/c4/submissions", fields, headers=api.headers)
    assert refusal(answer) == (400, "request.too_large", "The form has more than 200 fields.")
    answer = api.get("/competitions?cursor=" + "x" * 9000)
    assert refusal(answer) == (414, "request.too_large", "The address is longer than 8 kB.")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=0", "limit must be a whole number from 1."),
        ("limit=-5", "limit must be a whole number from 1."),
        ("limit=abc", "limit must be a whole number from 1."),
        ("limit=1.5", "limit must be a whole number from 1."),
        ("limit=100000", "limit may be at most 100."),
        ("limit=" + "9" * 400, None),
        ("cursor=zzz", "cursor must be the `next` of an earlier page."),
        ("cursor=%00", "cursor must be the `next` of an earlier page."),
    ],
)
def test_b55_a_bad_page(caller, db, query, message):
    found = refusal(caller().get(f"/competitions?{query}"))
    assert found[:2] == (400, "request.bad_field")
    assert message in {None, found[2]}


@pytest.mark.parametrize("path", ["/nothing", "/competitions/", "/matches/x/y/z", "/", "/../x"])
def test_an_unknown_address_has_the_same_shape(caller, db, path):
    assert refusal(caller().get(path)) == (404, "not_found", "There is nothing at this address.")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/competitions", "GET, POST"),
        ("POST", "/me", "GET"),
        ("GET", "/competitions/c4/join", "POST"),
        ("BREW", "/arenas", "GET"),
    ],
)
def test_b78_a_method_that_is_not_allowed(api, competition, method, path, allowed):
    answer = api.client.generic(method, ROOT + path, headers=api.headers)
    message = f"Use {allowed.replace(', ', ' or ')} here."
    assert refusal(answer) == (405, "request.method", message)
    assert answer["Allow"] == allowed


def test_a_head_request_answers_like_get_without_a_body(caller, competition):
    answer = caller().client.head(f"{ROOT}/competitions/c4")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.fixture
def _one_minute(monkeypatch):
    """Let no minute end while requests are counted."""
    moment = clock.now().replace(second=30, microsecond=0)
    monkeypatch.setattr(rates, "clock", SimpleNamespace(now=lambda: moment))


@pytest.mark.usefixtures("_one_minute")
def test_b72_the_61st_write_and_the_601st_read_of_a_minute(caller, ann, competition, monkeypatch):
    api = caller(ann, "submit")
    for _ in range(60):
        assert api.post("/competitions/c4/join").status_code == 200
    answer = api.post("/competitions/c4/join")
    status, code, message = refusal(answer)
    assert (status, code) == (429, "rate.limited")
    assert message == f"Too many requests: 60 a minute. Try again in {answer['Retry-After']} s."
    assert api.get("/me").status_code == 200
    assert caller(ann, "submit").post("/competitions/c4/join").status_code == 200
    monkeypatch.setattr(rates, "READS", 3)
    assert [caller().get("/arenas").status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.usefixtures("_one_minute")
def test_guessing_tokens_is_counted_too(db):
    client = Client(headers={"Authorization": "Bearer col_guess"})
    codes = [client.post(f"{ROOT}/competitions").status_code for _ in range(61)]
    assert codes == [401] * 60 + [429]


def test_answers_are_not_kept_by_shared_caches(caller, competition):
    answer = caller().get("/competitions/c4")
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))
