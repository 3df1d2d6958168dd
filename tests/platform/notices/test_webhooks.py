"""Webhooks: registered, told, tried again for a day, logged, switched off."""

import json
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network

import pytest

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.notices.deliveries import PAUSES, Wire, deliver_due
from coliseum.notices.hooks import ping, register_webhook, secret_of, send_again, switch_on
from coliseum.notices.models import Delivery, Kind, Notice, Webhook
from coliseum.notices.services import News, choose_ways, sweep_notices, tell
from tests.platform.notices.receivers import HOST, PUBLIC, receiving
from workers.refusals import RefusedError

URL = f"https://{HOST}/in"


def public(host, port):
    """Look up every name as a public one."""
    return [PUBLIC]


def news(*people, kind=Kind.REJECTED, key="k", **facts):
    return News(kind, key, "/submissions/1/", {person.pk for person in people}, {"agent": "a", **facts})


@pytest.fixture
def hook(ann):
    """Return a webhook of ann's."""
    return register_webhook(user=ann, url=URL, lookup=public)


class Taking(BaseHTTPRequestHandler):
    """Takes everything, and keeps it."""

    status, taken = 200, []

    def do_POST(self):
        self.taken.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"thank you")

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def receiver(tmp_path, settings):
    """Run a receiver in a network that the operator allows; return its class and how it is reached."""
    settings.WEBHOOKS_ALLOW = [ip_network(PUBLIC)]
    Webhook.objects.update(url=f"http://{HOST}/in")
    handler = type("Handler", (Taking,), {"taken": []})
    with receiving(handler, tmp_path / "s") as connect:
        yield handler, Wire(public, connect)


def later(**wait):
    """Let time pass for what waits and for what fails."""
    for delivery in Delivery.objects.exclude(next_at=None):
        Delivery.objects.filter(pk=delivery.pk).update(next_at=delivery.next_at - timedelta(**wait))
    for webhook in Webhook.objects.exclude(failing_since=None):
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=webhook.failing_since - timedelta(**wait))


def test_a_message_is_signed_delivered_once_and_logged(hook, receiver, ann):
    from standardwebhooks.webhooks import Webhook as Verifier

    handler, wire = receiver
    tell([news(ann, code="package.too_large")])
    tell([news(ann, code="package.too_large")])
    assert deliver_due(wire) == 1
    assert deliver_due(wire) == 0
    ((headers, body),) = handler.taken
    message = Verifier(secret_of(hook)).verify(body, headers)
    assert message["type"] == "rejected"
    assert message["data"]["title"] == "a failed validation: package.too_large"
    assert message["data"]["url"].endswith("/submissions/1/")
    logged = hook.deliveries.get()
    assert (logged.state, logged.status, logged.answer, logged.tries) == ("delivered", 200, "thank you", 1)
    assert headers["webhook-id"] == logged.pk


def test_every_webhook_has_a_secret_of_its_own_that_no_table_holds(hook, ann):
    other = register_webhook(user=ann, url=URL, lookup=public)
    assert secret_of(hook) != secret_of(other)
    assert secret_of(hook) not in json.dumps(list(Webhook.objects.values()), default=str)


def test_a_failure_is_tried_five_times_within_a_day_and_a_bit(hook, receiver, ann):
    handler, wire = receiver
    handler.status = 500
    tell([news(ann)])
    for _pause in range(len(PAUSES) + 3):
        deliver_due(wire)
        later(hours=23)
    logged = hook.deliveries.get()
    assert (logged.state, logged.tries, logged.status) == ("failed", 5, 500)
    assert logged.problem == "It answers with 500."
    assert len({headers["webhook-id"] for headers, _body in handler.taken}) == 1
    assert sum(PAUSES, timedelta()) < timedelta(hours=24)


def test_what_takes_nothing_for_three_days_is_switched_off_and_its_owner_told(hook, receiver, ann):
    handler, wire = receiver
    handler.status = 503
    tell([news(ann)])
    deliver_due(wire)
    later(days=3)
    deliver_due(wire)
    hook.refresh_from_db()
    assert hook.switched_off_at
    told = ann.notices.get(kind=Kind.HOOK_OFF)
    assert told.facts == {"host": HOST}
    tell([news(ann, key="next")])
    with pytest.raises(RefusedError, match="switched off"):
        ping(webhook=hook)
    assert not hook.deliveries.filter(state="waiting").exists()
    switch_on(webhook=hook)
    hook.refresh_from_db()
    handler.status = 204
    send_again(webhook=hook, delivery=hook.deliveries.get())
    deliver_due(wire)
    assert hook.deliveries.get().state == "delivered"


def test_a_redirect_is_a_failure(hook, receiver, ann):
    handler, wire = receiver
    handler.status = 307
    tell([news(ann)])
    deliver_due(wire)
    assert hook.deliveries.get().problem == "It answers with a redirect, which is not followed."


def test_a_name_that_leads_inside_later_is_sent_nothing(hook, ann):
    def fails(address, port, seconds):
        raise AssertionError("nothing may be connected to")

    tell([news(ann)])
    deliver_due(Wire(lambda host, port: ["169.254.169.254"], fails))
    logged = hook.deliveries.get()
    assert logged.problem == "Nothing was sent: it leads into a private network."
    assert (logged.state, logged.status) == ("waiting", None)


def test_an_address_that_leads_inside_is_not_registered_nor_a_sixth(ann, hook):
    with pytest.raises(RefusedError, match="private network") as caught:
        register_webhook(user=ann, url=URL, lookup=lambda host, port: ["10.0.0.1"])
    assert (caught.value.code, caught.value.field) == ("webhook.bad_address", "url")
    for _number in range(4):
        register_webhook(user=ann, url=URL, lookup=public)
    with pytest.raises(RefusedError) as caught:
        register_webhook(user=ann, url=URL, lookup=public)
    assert caught.value.code == "webhook.too_many"


def test_a_ping_is_sent_once_a_minute_however_often_it_is_asked_for(hook, receiver, monkeypatch):
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert ping(webhook=hook) == ping(webhook=hook)
    deliver_due(receiver[1])
    assert b'"type":"ping"' in receiver[0].taken[0][1]


def test_a_slow_webhook_gets_one_message_at_a_time(hook, receiver, ann):
    tell([news(ann, key=str(number)) for number in range(3)])
    assert [deliver_due(receiver[1]) for _round in range(4)] == [1, 1, 1, 0]


def test_nobody_who_is_gone_is_told(hook, ann, bob):
    User.objects.filter(pk=ann.pk).update(is_active=False)
    tell([news(ann, bob)])
    assert [notice.user for notice in Notice.objects.all()] == [bob]
    assert not Delivery.objects.exists()


def test_people_choose_the_ways_of_each_kind(hook, ann):
    choose_ways(
        user=ann, choices={"rejected": ["mail", "nonsense"], "suspended": ["webhook"]}, digest="daily"
    )
    tell([news(ann), news(ann, kind=Kind.SUSPENDED, key="s"), news(ann, kind=Kind.DEADLINE, key="d")])
    notice = ann.notices.get()
    assert (notice.kind, notice.is_listed, notice.is_for_mail) == (Kind.REJECTED, False, True)
    assert [each.kind for each in Delivery.objects.all()] == [Kind.SUSPENDED]


def test_a_competitions_webhook_is_told_of_it_as_long_as_its_owner_hosts_it(competition, host, ann, other):
    hook = register_webhook(user=host, url=URL, competition=competition, lookup=public)
    register_webhook(user=other, url=URL, competition=competition, lookup=public)
    tell([News(Kind.REJECTED, "k", "/x/", {ann.pk}, {}, competition)])
    tell([News(Kind.RANK, "r", "/x/", {ann.pk}, {}, competition)])
    assert [each.webhook for each in Delivery.objects.all()] == [hook]
    competition.hosts.clear()
    tell([News(Kind.REJECTED, "k2", "/x/", {ann.pk}, {}, competition)])
    assert Delivery.objects.count() == 1


def test_what_is_older_than_90_days_goes(hook, ann):
    tell([news(ann)])
    Delivery.objects.update(state="failed", next_at=None)
    assert sweep_notices() == 0
    Notice.objects.update(id="0" * 18)
    Delivery.objects.update(id="0" * 18)
    assert sweep_notices() == 2
