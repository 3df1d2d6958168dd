"""The administrator's pages: workers, failed matches, people, incidents, and the log of it all."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import cache

from coliseum.league.models import Incident
from coliseum.matches.models import Match, MatchState
from coliseum.matches.services import record_worker
from tests.platform.pages.conftest import text_of


@pytest.fixture(autouse=True)
def no_banner():
    """Forget what pages say of incidents, before and after."""
    cache.clear()
    yield
    cache.clear()


def test_the_administrator_sees_workers_and_what_failed(browser, staff, running):
    probe = {"name": "network", "ok": False, "message": "reached 1.1.1.1"}
    record_worker(
        name="bench:1", slots=2, isolation=2, speed=1.1, checks=[probe], problem="a wall does not hold"
    )
    Match.objects.update(state=MatchState.FAILED, error="The worker stopped answering.")
    visitor = browser(staff)
    text = text_of(visitor.get("/administration/"))
    assert "bench:1 refuses to play a wall does not hold" in text
    assert "The worker stopped answering." in text
    visitor.post(f"/administration/matches/{running.pk}/again")
    running.refresh_from_db()
    assert running.state == MatchState.QUEUED
    assert visitor.post(f"/administration/matches/{running.pk}/again").status_code == 404


def test_the_administrator_lets_people_host_and_sign_in(browser, staff, eve):
    visitor = browser(staff)
    visitor.post("/administration/hosting", person="eve", may_host="yes")
    eve.refresh_from_db()
    assert eve.may_host
    visitor.post("/administration/hosting", person="eve", may_host="no")
    eve.refresh_from_db()
    assert not eve.may_host
    assert "/sign-in/link/" in text_of(visitor.post("/administration/link", person="eve"))
    for nobody in ("", "x" * 500, "a\0b", "no one"):
        assert visitor.post("/administration/hosting", person=nobody).status_code == 404


def test_barring_wants_name_and_reason_and_signs_out(browser, staff, eve):
    visitor, hers = browser(staff), browser(eve)
    assert hers.get("/my-agents/").status_code == 200
    fields = {"person": "eve", "act": "bar", "reason": "Attacked the site.", "confirm": "eve"}
    for missing in ({"confirm": "bob"}, {"reason": " "}):
        assert visitor.post("/administration/people/act", **(fields | missing)).status_code == 400
    assert visitor.post("/administration/people/act", **fields).status_code == 302
    eve.refresh_from_db()
    assert not eve.is_active
    assert hers.get("/my-agents/").status_code == 302
    log = text_of(visitor.get("/administration/log"))
    assert "barred: Attacked the site." in log
    visitor.post("/administration/people/act", person="eve", act="let_in", reason="Sorry.")
    eve.refresh_from_db()
    assert eve.is_active


def test_nobody_bars_herself(browser, staff):
    fields = {"person": "staff", "act": "bar", "reason": "r", "confirm": "staff"}
    answer = browser(staff).post("/administration/people/act", **fields)
    assert answer.status_code == 403
    staff.refresh_from_db()
    assert staff.is_active


def test_signing_out_everywhere_ends_every_session_of_that_person_alone(browser, staff, eve, ann):
    visitor, hers, others = browser(staff), (browser(eve), browser(eve)), browser(ann)
    visitor.post("/administration/people/act", person="eve", act="sign_out")
    assert [each.get("/my-agents/").status_code for each in hers] == [302, 302]
    assert others.get("/my-agents/").status_code == 200
    assert LogEntry.objects.get().change_message == "signed out everywhere"


def test_people_are_found_by_name_and_come_in_pages(browser, staff, eve):
    visitor = browser(staff)
    assert "eve" in text_of(visitor.get("/administration/people?q=ev"))
    assert "Nobody's name holds that" in text_of(visitor.get("/administration/people?q=zzz"))
    assert visitor.get("/administration/people?q=a%00b").status_code == 400


def test_an_incident_stands_on_every_page_until_it_is_over(
    browser, staff, django_capture_on_commit_callbacks
):
    visitor = browser(staff)
    with django_capture_on_commit_callbacks(execute=True):
        posted = visitor.post(
            "/administration/incidents", act="post", title="Slow <b>disks</b>", text="We know."
        )
    assert posted.status_code == 302
    for address in ("/", "/competitions/", "/status"):
        assert "Slow &lt;b&gt;disks" in browser().get(address).content.decode()
    assert "We know." in text_of(browser().get("/status"))
    number = Incident.objects.get().pk
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(
            "/administration/incidents", act="end", incident=number, title="Slow disks", text="Mended."
        )
    assert "Slow disks" not in browser().get("/").content.decode()
    assert "Mended." in text_of(browser().get("/status"))
    assert "ended the incident" in text_of(visitor.get("/administration/log"))


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"act": "post", "title": ""}, 400), ({"act": "x"}, 400), ({"act": "end", "incident": "9"}, 404)],
)
def test_a_bad_incident_is_refused_on_the_page(browser, staff, fields, status):
    assert browser(staff).post("/administration/incidents", **fields).status_code == status
    assert not Incident.objects.exists()


def test_the_log_shows_the_acts_of_all_competitions_too(browser, staff, competition):
    text = text_of(browser(staff).get("/administration/log?of=competitions"))
    assert "opened it" in text
    assert "Connect Four Cup" in text


def test_a_match_that_waits_for_long_is_named(browser, staff, running):
    from datetime import timedelta

    Match.objects.update(started_at=running.queued_at - timedelta(minutes=11))
    assert "over ten minutes" in text_of(browser(staff).get("/administration/"))
