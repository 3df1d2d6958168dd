"""Announcements as people read them: on their page, alone, in a feed, and the dates as a calendar."""

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import pytest

from coliseum.competitions.announcements import (
    publish_announcement,
    send_notice,
    set_forum,
    withdraw_announcement,
)
from coliseum.competitions.models import Announcement
from coliseum.pages.calendars import Event, calendar
from tests.platform.pages.conftest import text_of

HERE = "/competitions/c4/announcements"
ATOM = "{http://www.w3.org/2005/Atom}"
EVIL = "<script>x</script> [a](javascript:alert(1)) ![b](https://e.example/x.png) <iframe src=x></iframe>"


@pytest.fixture
def told(competition, host):
    """Return an announcement that is pinned."""
    return publish_announcement(
        competition=competition, actor=host, title="Faster & better", text="On **Monday**.", is_pinned=True
    )


def test_an_announcement_has_a_page_of_its_own_and_a_pinned_one_stands_on_the_overview(browser, told):
    for address in (HERE, f"{HERE}/{told.pk}", "/competitions/c4/"):
        page = browser().get(address).content.decode()
        assert "Faster &amp; better" in page
        assert "<strong>Monday</strong>" in page


def test_text_and_title_of_a_host_are_harmless(browser, competition, host):
    made = publish_announcement(competition=competition, actor=host, title="<img src=x>", text=EVIL)
    for address in (HERE, f"{HERE}/{made.pk}", f"{HERE}.atom"):
        page = browser().get(address).content.decode()
        for evil in ("<script>x", "<iframe", 'href="javascript:', "<img src"):
            assert evil not in page


def test_what_is_taken_back_shows_its_reason_and_no_text(browser, told, host):
    withdraw_announcement(announcement=told, actor=host, reason="Wrong day.")
    text = text_of(browser().get(f"{HERE}/{told.pk}"))
    assert "Wrong day." in text
    assert "Monday" not in text
    assert "Monday" not in browser().get(f"{HERE}.atom").content.decode()


def test_a_notice_is_in_no_feed(browser, told, host, entry):
    send_notice(competition=told.competition, actor=host, title="Only you", text="x", entries=[entry])
    feed = browser().get(f"{HERE}.atom")
    assert feed["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(feed.content)
    assert [each.findtext(f"{ATOM}title") for each in root.iter(f"{ATOM}entry")] == ["Faster & better"]
    link = root.find(f"{ATOM}entry/{ATOM}link")
    assert link.attrib["href"].endswith(f"{HERE}/{told.pk}")


def test_the_host_writes_edits_pins_and_takes_back_on_one_page(browser, host, competition):
    visitor, console = browser(host), "/competitions/c4/host/announcements"
    assert visitor.post(console, act="post", title="Soon", text="A *new* season.").status_code == 302
    made = Announcement.objects.get()
    fields = {
        "act": "change",
        "announcement": made.pk,
        "title": "Now",
        "text": "It is here.",
        "is_pinned": "on",
    }
    assert visitor.post(console, **fields).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.is_pinned) == ("Now", True)
    assert "edited" in text_of(browser().get(HERE))
    back = {"act": "withdraw", "announcement": made.pk, "reason": "No."}
    assert visitor.post(console, **back, confirm="x").status_code == 400
    assert visitor.post(console, **back, confirm="c4").status_code == 302
    # The same form once more is a double click; another one is a second act.
    assert visitor.post(console, **back, confirm="c4").status_code == 302
    assert visitor.post(console, **back | {"reason": "Still no."}, confirm="c4").status_code == 409
    assert visitor.post(console, **fields | {"title": "Later"}).status_code == 409


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"act": "post", "title": "", "text": "Keep me."}, "new_title"),
        ({"act": "post", "title": "a\u202eb", "text": "Keep me."}, "new_title"),
        ({"act": "forum", "forum_url": "http://x.example/"}, "id_forum_url"),
    ],
)
def test_what_is_refused_stays_in_its_form(browser, host, competition, fields, field):
    answer = browser(host).post("/competitions/c4/host/announcements", **fields)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert f'id="{field}_error"' in page
    assert fields.get("text", "x.example") in page


def test_an_unknown_act_is_refused(browser, host, competition):
    assert browser(host).post("/competitions/c4/host/announcements", act="delete").status_code == 400


def test_the_forum_is_a_link_that_gives_nothing_away(browser, host, competition):
    set_forum(competition=competition, actor=host, url="https://forum.example/c4")
    page = browser().get(HERE).content.decode()
    assert '<a class="button small" href="https://forum.example/c4" rel="noopener nofollow ugc">' in page


def test_the_dates_are_a_calendar_of_moments_in_utc(browser, competition):
    competition.closes_at = competition.opens_at + timedelta(days=30)
    competition.save()
    answer = browser().get("/competitions/c4/dates.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert f"DTSTART:{competition.closes_at:%Y%m%dT%H%M%SZ}" in text
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == 2


def test_a_calendar_is_folded_and_escaped_as_the_standard_wants():
    at = datetime(2026, 12, 1, 12, tzinfo=UTC)
    title = "A, B; C\\ \u00e4" * 12 + "\nEND:VCALENDAR\r"
    text = calendar("x", [Event("1@x", title, at, "https://x.example/")])
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in text.replace("\r\n", "")
    whole = text.replace("\r\n ", "")
    assert "SUMMARY:A\\, B\\; C\\\\ \u00e4" in whole
    assert whole.count("\r\nEND:VCALENDAR") == 1
