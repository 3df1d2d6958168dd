"""What programs learn of news: notices and the ways they come, webhooks with their log."""

import pytest

from coliseum.accounts.services import create_token
from coliseum.idempotency.models import KeptAnswer
from coliseum.notices.models import Delivery, Kind, Webhook
from coliseum.notices.services import News, tell
from tests.platform.api.conftest import ROOT, refusal
from tests.platform.api.operations import RECEIVER


@pytest.fixture
def api(caller, ann):
    return caller(ann, "submit")


@pytest.fixture
def told(ann, eve, api):
    """Tell ann of three things and eve of one."""
    facts = {"agent": "four-seasons v1", "code": "crashed", "competition": "C4"}
    tell([News(Kind.REJECTED, f"k{n}", f"/submissions/{n}", [ann.pk], facts) for n in range(3)])
    tell([News(Kind.REJECTED, "k", "/submissions/x", [eve.pk], facts)])


def test_notices_are_listed_newest_first_and_read_one_by_one_or_all(api, told):
    rows = api.get("/me/notices?limit=2").json()
    assert [each["id"] for each in rows["items"]] == sorted(
        (each["id"] for each in rows["items"]), reverse=True
    )
    assert rows["items"][0]["title"] == "four-seasons v1 failed validation: crashed"
    assert rows["items"][0]["facts"]["code"] == "crashed"
    rest = api.get(f"/me/notices?cursor={rows['next']}").json()
    assert (len(rest["items"]), rest["next"]) == (1, None)
    assert api.get("/me").json()["unread_notices"] == 3
    assert api.post("/me/notices/read", {"notice": rows["items"][0]["id"]}).json() == {"read": 1, "unread": 2}
    assert api.post("/me/notices/read", {}).json() == {"read": 2, "unread": 0}
    assert api.get("/me/notices").json()["items"][0]["read_at"] is not None


@pytest.mark.parametrize("notice", ["x", "06h0etnndftdryw1c3", "1 OR 1=1"])
def test_b47_only_own_notices_are_read(api, told, notice):
    assert refusal(api.post("/me/notices/read", {"notice": notice}))[:2] == (404, "not_found")


def test_ways_that_are_left_out_stay(api):
    before = api.get("/me/notices/ways").json()
    after = api.call("patch", "/me/notices/ways", b'{"ways": {"rank": []}}').json()
    assert after == before | {"ways": before["ways"] | {"rank": []}}
    assert api.call("patch", "/me/notices/ways", b'{"digest": "weekly"}').json()["digest"] == "weekly"
    found = refusal(api.call("patch", "/me/notices/ways", b'{"ways": {"hook_off": []}}'))
    assert found[:2] == (400, "request.bad_field")
    assert refusal(api.call("patch", "/me/notices/ways", b'{"ways": {"rank": ["sms"]}}'))[0] == 400


@pytest.mark.usefixtures("_names")
def test_a_webhooks_secret_is_told_once_and_again_only_under_the_same_key(api):
    made = api.post("/me/webhooks", {"url": RECEIVER}, **{"Idempotency-Key": "k"}).json()
    assert (made["state"], made["competition"], made["by"]) == ("working", None, "ann")
    assert made["secret"].startswith("whsec_")
    again = api.post("/me/webhooks", {"url": RECEIVER}, **{"Idempotency-Key": "k"}).json()
    assert again == made
    assert Webhook.objects.count() == 1
    assert made["secret"].encode() not in bytes(KeptAnswer.objects.get().content)
    (listed,) = api.get("/me/webhooks").json()["items"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}


@pytest.mark.usefixtures("_names")
@pytest.mark.parametrize("url", ["http://hooks.example/", "https://127.0.0.1/", "https://hooks.example:22/"])
def test_what_leads_inside_is_refused_beside_its_field(api, url):
    answer = api.post("/me/webhooks", {"url": url})
    assert refusal(answer)[:2] == (400, "webhook.bad_address")
    assert answer.json()["error"]["field"] == "url"


@pytest.mark.usefixtures("_names")
def test_the_log_of_a_webhook_is_read_and_a_message_sent_once_more(api, told):
    hook = api.post("/me/webhooks", {"url": RECEIVER}).json()["id"]
    sent = api.post(f"/me/webhooks/{hook}/ping").json()
    assert (sent["kind"], sent["state"], sent["tries"]) == ("ping", "waiting", 0)
    Delivery.objects.update(state="failed", next_at=None, tries=5, status=500, problem="It answered 500.")
    (row,) = api.get(f"/me/webhooks/{hook}/deliveries").json()["items"]
    assert (row["state"], row["status"], row["problem"]) == ("failed", 500, "It answered 500.")
    again = api.post(f"/me/webhooks/{hook}/deliveries/{sent['id']}/again").json()
    assert (again["id"], again["state"], again["tries"]) == (sent["id"], "waiting", 0)
    Webhook.objects.update(switched_off_at=again["made_at"])
    assert refusal(api.post(f"/me/webhooks/{hook}/ping"))[:2] == (409, "webhook.off")
    assert api.post(f"/me/webhooks/{hook}/on").json()["state"] == "working"
    assert api.call("delete", f"/me/webhooks/{hook}").status_code == 204
    assert refusal(api.get(f"/me/webhooks/{hook}/deliveries"))[:2] == (404, "not_found")


def test_a_token_for_one_competition_hears_nothing_else(caller, ann, told, competition):
    secret = create_token(user=ann, name="t", scopes=["submit"], competition="c4")[1]
    headers = {"Authorization": f"Bearer {secret}"}
    for path in ("/me/notices", "/me/notices/ways", "/me/webhooks"):
        answer = caller().client.get(ROOT + path, headers=headers)
        assert refusal(answer)[:2] == (403, "auth.other_competition")


@pytest.mark.usefixtures("_names")
def test_a_competitions_webhook_is_not_reached_as_an_own_one(caller, host, competition):
    api = caller(host, "host", "submit")
    made = api.post("/competitions/c4/webhooks", {"url": RECEIVER}).json()
    assert (made["competition"], made["by"]) == ("c4", "host")
    assert api.get("/me/webhooks").json()["items"] == []
    assert refusal(api.call("delete", f"/me/webhooks/{made['id']}"))[:2] == (404, "not_found")
    assert api.call("delete", f"/competitions/c4/webhooks/{made['id']}").status_code == 204
