"""Writes that are sent twice and done once."""

from datetime import timedelta

import pytest

from coliseum import clock
from coliseum.competitions.models import Announcement
from coliseum.idempotency.models import KeptAnswer
from coliseum.idempotency.services import ABANDONED, KEPT, begin_request, fingerprint, kept_content
from tests.platform.api.conftest import refusal
from workers.refusals import RefusedError

PATH = "/competitions/c4/announcements"
NEWS = {"title": "News", "text": "It rains."}


@pytest.fixture
def api(caller, host, competition):
    """Return the host of a competition."""
    return caller(host, "host")


def test_the_same_key_gives_the_same_answer_and_does_nothing_again(api):
    first = api.post(PATH, NEWS, **{"Idempotency-Key": "k1"})
    again = api.post(PATH, NEWS, **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (again["Idempotency-Replayed"], "Idempotency-Replayed" in first) == ("true", False)
    assert Announcement.objects.filter(title="News").count() == 1
    assert api.post(PATH, NEWS, **{"Idempotency-Key": "k2"}).status_code == 201
    assert Announcement.objects.filter(title="News").count() == 2


def test_b39_the_same_key_with_another_body_or_address(api):
    api.post(PATH, NEWS, **{"Idempotency-Key": "k"})
    message = "This Idempotency-Key was used for a different request."
    for path, body in ((PATH, NEWS | {"text": "It shines."}), ("/competitions/c4/season/close", {})):
        answer = api.post(path, body, **{"Idempotency-Key": "k"})
        assert refusal(answer) == (409, "request.idempotency_conflict", message)


@pytest.mark.parametrize("key", ["", " ", "a b", "a" * 256, "käse", "a/b"])
def test_b40_a_key_that_is_none(api, key):
    answer = api.post(PATH, NEWS, **{"Idempotency-Key": key})
    message = "Idempotency-Key must be 1 to 255 letters, digits, '-' or '_'."
    assert refusal(answer) == (400, "request.bad_idempotency_key", message)
    assert not Announcement.objects.filter(title="News").exists()


def test_a_key_of_somebody_else_is_another_key(api, caller, staff):
    api.post(PATH, NEWS, **{"Idempotency-Key": "k"})
    other = caller(staff, "host").post(PATH, NEWS | {"title": "More"}, **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["title"]) == (201, "More")


def test_what_was_refused_may_be_sent_again_mended(api):
    assert api.post(PATH, {"title": "News"}, **{"Idempotency-Key": "k"}).status_code == 400
    assert api.post(PATH, NEWS, **{"Idempotency-Key": "k"}).status_code == 201


def test_a_second_request_waits_for_the_first_unless_that_died(api, host):
    same = fingerprint("POST", f"/api/v1{PATH}", b"{}")
    begin_request(user_id=host.pk, key="k", request=same)
    answer = api.send(PATH, b"{}", **{"Idempotency-Key": "k"})
    assert refusal(answer)[:2] == (409, "request.in_progress")
    assert answer["Retry-After"] == "1"
    KeptAnswer.objects.update(begun_at=clock.now() - ABANDONED - timedelta(seconds=1))
    assert begin_request(user_id=host.pk, key="k", request=same)[1]


def test_what_is_kept_of_an_answer_tells_nobody_anything(api):
    api.post(PATH, NEWS, **{"Idempotency-Key": "k"})
    assert b"rains" not in bytes(KeptAnswer.objects.get().content)


def test_an_answer_that_was_kept_under_another_key_of_the_site_is_not_given(api, settings):
    api.post(PATH, NEWS, **{"Idempotency-Key": "k"})
    settings.SECRET_KEY = "another"
    begun, is_new = begin_request(
        user_id=KeptAnswer.objects.get().user_id, key="k", request=KeptAnswer.objects.get().request
    )
    assert not is_new
    with pytest.raises(RefusedError) as refused:
        kept_content(begun)
    assert refused.value.code == "request.idempotency_conflict"


def test_answers_are_forgotten_after_a_day(api):
    api.post(PATH, NEWS, **{"Idempotency-Key": "k"})
    KeptAnswer.objects.update(begun_at=clock.now() - KEPT - timedelta(seconds=1))
    assert "Idempotency-Replayed" not in api.post(PATH, NEWS, **{"Idempotency-Key": "k"})
