"""The mail that sums up: one a person and day, of what was not mailed, with a way to end it."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from coliseum.notices.digests import send_digests, unsubscribe_url, unsubscriber_of
from coliseum.notices.models import Kind, Preference
from coliseum.notices.services import News, choose_ways, stop_digest, tell
from coliseum.notices.ways import CHOSEN_KINDS, WAYS

EVERYTHING = {kind.value: WAYS for kind in CHOSEN_KINDS}


def happen(person, key, title="Faster <b>&</b> better"):
    facts = {"competition": "C4", "title": title}
    tell([News(Kind.ANNOUNCEMENT, key, "/competitions/c4/", {person.pk}, facts)])


@pytest.fixture
def reader(ann, settings):
    """Return ann, who confirmed her address and wants a mail a day."""
    settings.SENDS_MAIL = True
    EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    choose_ways(user=ann, choices=EVERYTHING, digest="daily")
    return ann


def test_a_mail_has_what_happened_once_and_comes_once_a_day(reader):
    happen(reader, "a")
    assert send_digests() == 1
    happen(reader, "b")
    assert send_digests() == 0
    (sent,) = mail.outbox
    assert sent.to == [reader.email]
    assert sent.subject == "1 thing happened on Coliseum"
    assert "C4: Faster <b>&</b> better" in sent.body
    Preference.objects.update(mailed_at=None)
    assert send_digests() == 1
    Preference.objects.update(mailed_at=None)
    assert send_digests() == 0
    assert mail.outbox[1].subject == "1 thing happened on Coliseum"


def test_a_mail_says_how_it_ends_and_the_link_ends_it(reader, client):
    happen(reader, "a")
    send_digests()
    (sent,) = mail.outbox
    link = unsubscribe_url(reader)
    assert sent.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert link in sent.body
    path = link.partition("/notices")[2]
    assert client.get(f"/notices{path}").status_code == 200
    assert Preference.objects.get().digest == "daily"
    assert client.post(f"/notices{path}").status_code == 200
    assert Preference.objects.get().digest == "off"
    assert client.post("/notices/unsubscribe/1:forged").status_code == 404


def test_a_title_cannot_write_headers(reader):
    happen(reader, "a", title="x\r\nBcc: eve@example.org")
    assert send_digests() == 1
    assert mail.outbox[0].message()["Bcc"] is None


def test_who_has_no_confirmed_address_or_wants_none_gets_none(reader, settings):
    happen(reader, "a")
    stop_digest(user_id=reader.pk)
    assert send_digests() == 0
    choose_ways(user=reader, choices=EVERYTHING, digest="weekly")
    EmailAddress.objects.update(verified=False)
    assert send_digests() == 0
    settings.SENDS_MAIL = False
    assert send_digests() == 0
    assert not mail.outbox


def test_what_the_mail_server_refuses_is_in_the_next_mail(reader, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1
    happen(reader, "a")
    assert send_digests() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Preference.objects.update(mailed_at=None)
    assert send_digests() == 1


@pytest.mark.parametrize("token", ["", "x", "1", "1:x", "9" * 400])
def test_a_link_that_the_site_did_not_make_ends_nothing(token):
    assert unsubscriber_of(token) is None
