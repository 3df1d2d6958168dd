"""The bell, the list behind it, how people choose, and the pages of webhooks."""

import re

import pytest
from django.db import OperationalError, connection

from coliseum.notices import hooks, services
from coliseum.notices.models import Delivery, Kind, Notice, Preference, Webhook
from coliseum.notices.services import News, tell
from coliseum.pages.told import bell
from tests.platform.pages.conftest import text_of

EVIL = "<script>x</script>"


@pytest.fixture
def _public(monkeypatch):
    """Look up every name as a public one."""
    monkeypatch.setattr("coliseum.pages.webhooks.register_webhook", _registered)


def _registered(**facts):
    return hooks.register_webhook(lookup=lambda host, port: ["93.184.216.34"], **facts)


def happen(person, *keys, title="Faster"):
    facts = {"competition": "C4", "title": title}
    tell([News(Kind.ANNOUNCEMENT, key, "/competitions/", {person.pk}, facts) for key in keys])


def test_the_bell_counts_what_is_unread_with_one_query(browser, ann, django_assert_num_queries):
    happen(ann, *map(str, range(3)))
    page = browser(ann).get("/status").content.decode()
    assert '<span aria-hidden="true">3</span>' in page
    assert "3 unread notices" in page
    with django_assert_num_queries(1):
        bell(ann)
    assert "unread" not in browser().get("/status").content.decode()


def test_a_notice_is_read_by_going_there_or_by_saying_so(browser, ann, eve):
    happen(ann, "a", "b", "c")
    visitor = browser(ann)
    assert text_of(visitor.get("/notices/")).count("Unread:") == 3
    first = Notice.objects.first()
    answer = visitor.get(f"/notices/{first.pk}")
    assert (answer.status_code, answer["Location"]) == (302, "/competitions/")
    assert text_of(visitor.get("/notices/")).count("Unread:") == 2
    assert browser(eve).post("/notices/read", notice=first.pk).status_code == 404
    browser(eve).post("/notices/read")
    assert visitor.post("/notices/read", notice=Notice.objects.last().pk).status_code == 302
    assert Notice.objects.filter(read_at=None).count() == 1
    visitor.post("/notices/read")
    assert "Mark all as read" not in text_of(visitor.get("/notices/"))


def test_an_empty_list_says_what_will_stand_there_and_a_long_one_has_pages(browser, ann):
    assert "Nothing yet" in text_of(browser(ann).get("/notices/"))
    happen(ann, *map(str, range(35)), title=EVIL)
    page = browser(ann).get("/notices/").content.decode()
    assert page.count('class="notice is-unread"') == 30
    assert "?older=" in page
    assert "<script>x" not in page


def test_choices_are_kept_and_shown(browser, ann):
    visitor = browser(ann)
    page = visitor.get("/settings/notifications").content.decode()
    assert 'value="site" aria-label="An agent passed validation: In the site" checked>' in page
    assert 'value="mail" aria-label="An agent passed validation: In the mail">' in page
    assert "This site sends no mail" in page
    answer = visitor.post("/settings/notifications", digest="weekly", rejected=["mail"])
    assert answer.status_code == 302
    assert Preference.objects.get().digest == "weekly"
    page = visitor.get("/settings/notifications").content.decode()
    assert page.count(" checked>") == 1
    assert visitor.post("/settings/notifications", digest="hourly").status_code == 400


@pytest.mark.usefixtures("_public")
def test_a_webhook_is_registered_with_a_secret_shown_once(browser, ann):
    visitor = browser(ann)
    answer = visitor.post("/settings/webhooks", url="https://hooks.example.org/in")
    made = Webhook.objects.get()
    assert answer.status_code == 201
    assert hooks.secret_of(made) in answer.content.decode()
    page = visitor.get("/settings/webhooks").content.decode()
    assert made.url in page
    assert "whsec_" not in page


@pytest.mark.parametrize("url", ["http://hooks.example.org/", "https://127.0.0.1/", f"https://x/{EVIL}", ""])
def test_an_address_that_is_refused_stays_in_the_form_with_its_reason(browser, ann, url):
    answer = browser(ann).post("/settings/webhooks", url=url)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert 'id="id_url_error"' in page
    assert EVIL not in page
    assert not Webhook.objects.exists()


@pytest.mark.usefixtures("_public")
def test_the_log_shows_what_came_back_harmlessly_and_sends_again(browser, ann, eve):
    visitor = browser(ann)
    visitor.post("/settings/webhooks", url="https://hooks.example.org/in")
    here = f"/settings/webhooks/{Webhook.objects.get().pk}/"
    assert visitor.post(f"{here}act", act="ping").status_code == 302
    assert "not tried yet" in text_of(visitor.get(here))
    Delivery.objects.update(
        state="failed", next_at=None, tries=5, status=500, answer=EVIL, problem="It answers with 500."
    )
    page = visitor.get(here).content.decode()
    assert "&lt;script&gt;x" in page
    assert EVIL not in page
    delivery = Delivery.objects.get()
    assert browser(eve).post(f"{here}act", act="again", delivery=delivery.pk).status_code == 404
    assert visitor.post(f"{here}act", act="again", delivery=delivery.pk).status_code == 302
    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("waiting", 0)
    assert visitor.post(f"{here}act", act="dance").status_code == 400


@pytest.mark.usefixtures("_public")
def test_a_webhook_is_switched_on_again_and_removed_by_a_typed_word(browser, ann):
    visitor = browser(ann)
    visitor.post("/settings/webhooks", url="https://hooks.example.org/in")
    here = f"/settings/webhooks/{Webhook.objects.get().pk}/"
    Webhook.objects.update(switched_off_at="2026-01-01T00:00:00Z")
    assert "switched off" in text_of(visitor.get(here))
    assert visitor.post(f"{here}act", act="ping").status_code == 409
    visitor.post(f"{here}act", act="on")
    assert Webhook.objects.get().switched_off_at is None
    assert visitor.post(f"{here}act", act="remove", confirm="no").status_code == 400
    assert visitor.post(f"{here}act", act="remove", confirm="remove")["Location"] == "/settings/webhooks"
    assert not Webhook.objects.exists()


@pytest.mark.usefixtures("_public")
def test_hosts_have_webhooks_of_their_competition(browser, competition, host, other, ann):
    console = "/competitions/c4/host/webhooks"
    assert browser(host).post(console, url="https://hooks.example.org/c4").status_code == 201
    here = f"/settings/webhooks/{Webhook.objects.get().pk}/"
    assert "by host" in text_of(browser(host).get(console))
    assert browser(host).get(here).status_code == 200
    for person in (ann, other):
        assert browser(person).get(here).status_code == 404
        assert browser(person).get(console).status_code == 404
    assert "No webhook yet" in text_of(browser(host).get("/settings/webhooks"))


def test_error_pages_have_a_bell_without_a_number_while_the_database_is_away(ann):
    def away(execute, sql, params, many, context):
        raise OperationalError("away")

    happen(ann, "a")
    with connection.execute_wrapper(away):
        assert bell(ann)["count"] == ""
    assert bell(ann)["count"] == "1"


def test_the_bell_of_an_open_page_hears_of_news_and_nobody_elses(
    browser, ann, eve, competition, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr(services, "publish_all", lambda topics, event: told.append((topics, event)))
    page = browser(ann).get("/competitions/c4/leaderboard").content.decode()
    assert f"&amp;topic=person:{ann.pk}" in re.search(r'<body data-live="([^"]*)"', page)[1]
    assert f'data-live-url="/notices/#bell" data-live-topic="person:{ann.pk}"' in page
    with django_capture_on_commit_callbacks(execute=True):
        tell([News(Kind.TEAM, "k", "/", {ann.pk}, {"event": "left"})])
    assert told == [([f"person:{ann.pk}"], "notice")]
    for person, status in ((eve, 404), (None, 404)):
        assert browser(person).get(f"/live?topic=person:{ann.pk}").status_code == status
    assert "person:" not in browser().get("/competitions/c4/leaderboard").content.decode()
