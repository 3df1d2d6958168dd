"""The status page and its JSON, for everybody."""

from coliseum.matches.services import record_worker
from tests.platform.pages.conftest import text_of


def test_without_a_worker_it_says_what_is_missing_and_what_to_do(browser, running):
    text = text_of(browser().get("/status"))
    assert "Nothing is played: no worker has been started yet." in text
    assert "coliseum worker" in text
    assert "nobody plays" not in text or "until all that waits is played" in text


def test_with_workers_it_tells_level_and_speed_and_no_host_names(browser, match):
    checks = [{"name": "network", "ok": True}]
    record_worker(name="matches@secret-host", slots=2, isolation=2, speed=1.25, checks=checks, problem="")
    answer = browser().get("/status")
    text = text_of(answer)
    assert "All is well: 1 worker is playing." in text
    assert "1.25" in text
    assert "secret-host" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-cache"


def test_the_json_says_the_same(browser, match):
    record_worker(name="bench:1", slots=2, isolation=2, speed=1.25, checks=[], problem="")
    body = browser().get("/status.json").json()
    assert body["state"] == "ok"
    assert body["queue"]["matches_per_second"] > 0
    assert body["workers"][0]["isolation"] == 2
    assert set(body) == {"as_of", "state", "problem", "queue", "workers", "validations", "incidents"}


def test_unknown_parameters_are_refused(browser, db):
    assert browser().get("/status?sort=x").status_code == 400
