"""What cannot be read or done gets a page with code, cause and what to do; never a 500."""

import pytest
from django.db import OperationalError

from coliseum.competitions.services import create_competition
from coliseum.pages import home
from tests.platform.pages.conftest import text_of

BAD_IDS = [
    "1" + "0" * 400,
    "-1",
    "1 OR 1=1",
    "a%00b",
    "%F0%9F%98%80",
    "00000000000000000z",
    "'; DROP TABLE matches",
    "%E2%80%AEabc",
    "..%2f..%2fetc%2fpasswd",
]
NAMED = ["matches/{}/", "matches/{}/state", "matches/{}/replay.json", "agents/{}/", "submissions/{}/"]
NAMED += ["competitions/{}/", "competitions/{}/leaderboard", "arenas/{}/", "docs/{}/"]


@pytest.mark.parametrize("bad", BAD_IDS)
def test_b47_an_id_that_is_none_is_not_found(browser, staff, bad):
    visitor = browser(staff)
    for address in NAMED:
        answer = visitor.get("/" + address.format(bad))
        assert answer.status_code == 404, address
        assert "There is no" in text_of(answer)
        assert len(text_of(answer)) < 400


@pytest.mark.parametrize("index", ["99", "1" + "0" * 30, "1" + "0" * 5000, "-1", "x"])
def test_an_episode_that_is_none_is_not_found(browser, match, index):
    assert browser().get(f"/matches/{match.pk}/episodes/{index}/trajectory.json").status_code == 404


BAD_QUERIES = [
    ("/competitions/?page=0", "page must be a whole number from 1."),
    ("/competitions/?page=abc", "page must be a whole number from 1."),
    ("/competitions/?page=-3", "page must be a whole number from 1."),
    ("/competitions/?page=" + "9" * 400, "page must be a whole number from 1."),
    ("/competitions/?state=secret", "state must be one of"),
    ("/competitions/?q=" + "x" * 10_000, "The search text may have at most 200 characters."),
    ("/competitions/?q=a%00b", "q must be ordinary text."),
    ("/competitions/?seed_secret__startswith=a", "Cannot filter by seed_secret__startswith."),
    ("/competitions/?sort=password", "Cannot filter by sort."),
    ("/competitions/c4/leaderboard?page=abc", "page must be a whole number from 1."),
    ("/competitions/c4/leaderboard?format=xml", "format must be one of csv, json, not xml."),
    ("/competitions/c4/matches?older=nonsense", "older must be an id as the links have it."),
    ("/competitions/c4/matches?newer=%00", "newer must be an id as the links have it."),
    ("/competitions/c4/matches?agent=x", "agent must be an id as the links have it."),
    ("/matches/?page=x", "page must be a whole number from 1."),
    ("/competitions/c4/matches?page=0", "page must be a whole number from 1."),
    ("/matches/?state=lost", "state must be one of"),
    ("/live", "topic must be given 1 to 5 times."),
    ("/live" + "?topic=site" + "&topic=site" * 5, "topic must be given 1 to 5 times."),
]


@pytest.mark.parametrize(("address", "message"), BAD_QUERIES, ids=range(len(BAD_QUERIES)))
def test_b55_to_b57_a_query_that_cannot_be_read_is_refused(browser, competition, address, message):
    answer = browser().get(address)
    assert answer.status_code == 400
    assert message in text_of(answer)
    assert "request.bad_field" in text_of(answer)


def test_a_page_past_the_end_is_an_empty_page(browser, competition):
    assert browser().get("/competitions/?page=50").status_code == 200
    assert browser().get("/competitions/c4/leaderboard?page=50").status_code == 200


def test_b54_a_wrong_host_gets_an_empty_page(browser, db):
    answer = browser().get("/", Host="evil.example")
    assert (answer.status_code, answer.content) == (400, b"")


def test_b79_too_many_form_fields_are_refused(browser, ann, entry):
    answer = browser(ann).post("/competitions/c4/submit", **{f"field{number}": "x" for number in range(2000)})
    assert answer.status_code in {400, 403}
    assert "500" not in text_of(answer)


def test_b61_a_name_is_text_wherever_it_stands(browser, host):
    name = "<script>alert(1)</script>{{ 7*7 }}"
    create_competition(host=host, slug="odd", title=name, arena="connect_four-v3")
    page = browser(host).get("/competitions/odd/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page


def test_an_unknown_address_says_where_to_go(browser, db):
    answer = browser().get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing at this address. not_found" in text_of(answer)
    assert answer["X-Request-Id"] in text_of(answer)


def test_an_unknown_address_of_the_api_answers_as_the_api_does(browser, db):
    assert browser().get("/api/v1/nothing").json()["error"]["code"] == "not_found"


def test_a_near_miss_of_an_arena_is_guessed(browser, db):
    text = text_of(browser().get("/arenas/conect_four-v3/"))
    assert "Did you mean connect_four-v3" in text
    assert "arena.unknown" in text


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(OperationalError("secret address"), 503, "service.unavailable"), (KeyError("bug"), 500, "internal")],
)
def test_b36_our_own_faults_are_said_without_their_text(browser, db, monkeypatch, error, status, code):
    def fail():
        raise error

    monkeypatch.setattr(home, "visible_competitions", lambda user: fail())
    answer = browser().get("/")
    assert answer.status_code == status
    assert code in text_of(answer)
    assert "secret address" not in answer.content.decode()
    assert answer.has_header("Retry-After") == (status == 503)
