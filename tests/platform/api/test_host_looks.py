"""What hosts look closer at, and what everybody looks for."""

import io
import zipfile

import pytest
from django.test import Client

from coliseum.competitions.models import Announcement
from coliseum.submissions.models import Submission
from tests.platform.api.conftest import refusal
from tests.platform.api.test_exports import content_of


@pytest.fixture
def api(caller, host):
    return caller(host, "host", "submit")


def test_figures_tell_how_far_teams_came_and_what_waits(api, match, submission):
    figures = api.get("/competitions/c4/figures").json()
    assert figures["funnel"] == {"joined": 2, "submitted": 2, "validated": 2, "active": 2}
    assert (figures["queue"]["waiting"], figures["queue"]["running"]) == (0, 0)
    assert figures["stuck"]


def test_failures_name_code_cause_and_whom_it_hit_and_the_host_writes_to_them(api, caller, eve, ann, rival):
    Submission.objects.filter(pk=rival.pk).update(
        state="rejected", code="timed_out", message="It took 2.1 s.", is_active=False
    )
    (row,) = api.get("/competitions/c4/failures").json()["rejections"]
    assert (row["code"], row["submissions"], row["teams"]) == ("timed_out", 1, 1)
    assert (row["latest"], row["message"], row["agents"][0]["team"]) == (rival.pk, "It took 2.1 s.", "eve")
    body = {"code": "timed_out", "title": "Slow", "text": "Think less."}
    sent = api.post("/competitions/c4/failures/write", body).json()
    assert (sent["is_public"], sent["code"]) == (False, "timed_out")
    read = {each["id"] for each in caller(eve).get("/competitions/c4/announcements").json()["items"]}
    unread = {each["id"] for each in caller(ann).get("/competitions/c4/announcements").json()["items"]}
    assert sent["id"] in read - unread
    found = refusal(api.post("/competitions/c4/failures/write", body | {"code": "crashed"}))
    assert found[:2] == (400, "announcement.nobody")
    assert Announcement.objects.filter(is_public=False).count() == 1


def test_the_cost_adds_up(api, match):
    cost = api.get("/competitions/c4/cost").json()
    assert (cost["matches"], cost["seconds"]) == (1, match.seconds)
    assert sum(each["matches"] for each in cost["kinds"]) == 1
    assert {each["matches"] for each in cost["agents"]} == {1}
    assert cost["package_bytes"] > 0


def test_the_archive_is_a_zip_of_all_and_the_citation_stands_in_it(api, match):
    answer = api.get("/competitions/c4/archive?replays=false")
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="c4.zip"'
    packed = zipfile.ZipFile(io.BytesIO(content_of(answer)))
    names = {name.partition("/")[2] for name in packed.namelist()}
    assert {"competition.toml", "matches.csv"} <= names
    assert api.get("/competitions/c4/citation").json()["bibtex"].startswith("@misc{c4-")


def test_a_forum_is_an_https_address(api, competition):
    assert api.call("put", "/competitions/c4/forum", b'{"url": "https://forum.example/c4"}').json()[
        "forum_url"
    ] == ("https://forum.example/c4")
    found = refusal(api.call("put", "/competitions/c4/forum", b'{"url": "javascript:alert(1)"}'))
    assert found[:2] == (400, "competition.bad_setting")


def test_a_search_finds_what_the_caller_may_see(caller, host, draft, submission, ann):
    rows = caller().get("/search?q=four").json()["items"]
    assert [(each["kind"], each["id"]) for each in rows if each["kind"] == "agent"] == [
        ("agent", submission.pk)
    ]
    assert [each["id"] for each in caller().get("/search?q=secret-cup").json()["items"]] == []
    found = caller(host).get("/search?q=secret-cup&kind=competitions").json()["items"]
    assert [each["id"] for each in found] == ["secret-cup"]
    first = caller().get("/search?q=chess&kind=arenas&limit=1").json()
    assert first["next"] == "1"
    assert caller().get("/search?q=%00").json() == {"items": [], "next": None}
    assert refusal(caller().get("/search"))[:2] == (400, "request.missing_field")


def test_a_profile_is_changed_field_by_field(caller, ann, eve):
    api = caller(ann, "submit")
    api.call("patch", "/me/profile", b'{"display_name": "Ann", "link": "https://ann.example"}')
    person = api.call("patch", "/me/profile", b'{"bio": "I like towers.", "link": ""}').json()
    assert (person["display_name"], person["bio"], person["link"]) == ("Ann", "I like towers.", "")
    assert caller().get("/people/ann").json() == person
    found = refusal(api.call("patch", "/me/profile", b'{"link": "javascript:alert(1)"}'))
    assert found[:2] == (400, "request.bad_field")
    assert refusal(api.call("patch", "/me/profile", b'{"display_name": "EVE"}'))[:2] == (409, "name.taken")


def test_the_zip_of_ones_data_is_begun_by_a_program_and_fetched_by_a_browser(caller, ann, submission):
    api = caller(ann, "submit")
    made = api.post("/me/exports").json()
    assert made["state"] == "ready"
    assert api.get(f"/me/exports/{made['id']}").json() == made
    with_a_token = Client().get(made["url"].removeprefix("http://localhost:8000"), headers=api.headers)
    assert with_a_token.status_code == 302


def test_a_rehearsal_makes_no_version_and_takes_no_quota(caller, ann, entry, agent_source):
    api = caller(ann, "submit")
    made = api.upload(agent_source, to="rehearsals").json()
    assert (made["state"], made["number"]) == ("validating", 0)
    assert api.get("/submissions").json()["items"] == []
    assert api.get("/competitions/c4").json()["submissions_left"] == 5


def test_what_plays_a_validation_again_is_for_its_team(caller, ann, host, submission):
    answer = caller(host).get(f"/submissions/{submission.pk}/reproduction")
    assert refusal(answer)[:2] == (404, "not_found")
