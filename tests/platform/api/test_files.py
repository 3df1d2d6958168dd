"""competition.toml over the API: opened, changed, given back, and refused with all that is wrong."""

import json

import msgspec
import pytest

from coliseum.competitions.models import Competition
from coliseum.competitions.services import move_competition
from coliseum.submissions.models import Submission
from coliseum.tournaments.models import Tournament
from tests.platform.competitions.test_files import WHOLE
from tests.workers.hosting.files import HEAD
from workers.hosting.reading import MOST_BYTES, read_toml

TOML = "application/toml"
PLACE = "/competitions/spring-cup/competition.toml"


@pytest.fixture
def api(caller, host):
    """Return the host with a token that may run competitions."""
    return caller(host, "host")


@pytest.mark.parametrize("kind", [TOML, "application/json"])
def test_a_competition_is_made_from_toml_and_from_json_alike(api, kind) -> None:
    tables = msgspec.to_builtins(read_toml(WHOLE.encode()))
    body = WHOLE.encode() if kind == TOML else json.dumps(tables).encode()
    answer = api.send("/competitions", body, content_type=kind)
    assert answer.status_code == 201
    assert (answer.json()["slug"], answer.json()["state"]) == ("spring-cup", "draft")
    assert Tournament.objects.count() == 2
    given_back = api.get(PLACE)
    assert given_back["Content-Type"] == "application/toml; charset=utf-8"
    assert "attachment" in given_back["Content-Disposition"]
    assert read_toml(given_back.content) == read_toml(WHOLE.encode())


def test_all_problems_are_in_the_answer(api) -> None:
    answer = api.send("/competitions", (HEAD + "[quotas]\nactive_submissions = 9\nx = 1\n").encode(), TOML)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "hosting.bad_file")
    assert [(each["code"], each["path"], each["line"]) for each in error["problems"]] == [
        ("hosting.bad_value", "quotas.active_submissions", 6),
        ("hosting.unknown_key", "quotas.x", 7),
    ]
    assert error["field"] == "quotas.active_submissions"
    assert not Competition.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b" \n", TOML, 422, "hosting.empty"),
        (b"\xff", TOML, 422, "hosting.not_text"),
        (b"[" * 5000, TOML, 422, "hosting.too_deep"),
        (b"a." * 100_000 + b"a = 1", TOML, 422, "hosting.too_deep"),
        (b"#" * (MOST_BYTES + 1), TOML, 422, "hosting.too_large"),
        (b'{"competition": {"slug": 3}}', "application/json", 422, "hosting.wrong_type"),
        (
            b'{"competition": {}, "x": "' + b"x" * MOST_BYTES + b'"}',
            "application/json",
            422,
            "hosting.too_large",
        ),
    ],
)
def test_hostile_files_are_refused_by_both_doors(api, body, kind, status, code) -> None:
    for answer in (api.send("/competitions", body, kind), api.put(PLACE, body, kind)):
        assert answer["Content-Type"] == "application/json"
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (status, "hosting.bad_file")
        assert code in {each["code"] for each in error["problems"]}


def test_what_is_neither_toml_nor_json_is_refused(api) -> None:
    for answer in (
        api.send("/competitions", b"x", "text/plain"),
        api.put(PLACE, b"x", "multipart/form-data"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (415, "request.unsupported_media_type")


def test_putting_the_file_makes_it_then_changes_it_then_does_nothing(api) -> None:
    made = api.put(PLACE, WHOLE.encode())
    assert (made.status_code, made.json()["created"], made.json()["changed"]) == (201, True, [])
    same = api.put(PLACE, WHOLE.encode())
    assert (same.status_code, same.json()["created"], same.json()["changed"]) == (200, False, [])
    other = api.put(PLACE, WHOLE.replace("Spring Cup", "Spring Cup 2027").encode())
    assert (other.json()["title"], other.json()["changed"]) == ("Spring Cup 2027", ["competition.title"])
    assert Submission.objects.count() == 2


def test_after_the_start_the_keys_that_stay_are_named(api, host) -> None:
    text = HEAD + "[dates]\nopens_at = 2020-01-01T00:00:00Z\n[league]\nbaselines = []\n"
    assert api.put(PLACE, text.encode()).status_code == 201
    move_competition(competition=Competition.objects.get(), to="open", actor=host)
    answer = api.put(PLACE, (text + "swap = 'never'\n[limits]\nthreads = 1\n").encode())
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (
        409,
        "competition.started",
        "limits.threads",
    )
    assert "limits.threads, league.swap." in error["message"]


def test_the_file_belongs_to_its_address(api) -> None:
    for place in ("/competitions/other-cup/competition.toml", "/competitions/Not A Slug/competition.toml"):
        answer = api.put(place, WHOLE.encode())
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "hosting.other_slug")
    assert not Competition.objects.exists()


def test_only_hosts_read_and_write_the_file(api, caller, ann, competition, draft) -> None:
    stranger = caller(ann, "host")
    place = "/competitions/c4/competition.toml"
    for answer in (
        stranger.get(place),
        stranger.put(place, HEAD.replace("spring-cup", "c4").encode()),
        stranger.put(PLACE, HEAD.encode()),
        stranger.send("/competitions", HEAD.encode(), TOML),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "auth.not_allowed")
    hidden = "/competitions/secret-cup/competition.toml"
    assert stranger.get(hidden).status_code == 404
    assert api.get(place).status_code == 200
