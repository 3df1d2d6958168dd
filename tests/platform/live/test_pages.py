"""The pages of play it yourself: choosing, being refused in words, and sitting at a table."""

import json
import re
import time
from urllib.parse import urlsplit

import pytest

from coliseum.live import tables
from coliseum.pages.play import COOKIE
from tests.platform.pages.conftest import text_of
from workers.live import keys

C4 = "/arenas/connect_four-v3/play"


def sit_down(browser, address=C4, **fields):
    return browser.post(address, **({"seat": "1", "opponent": "house:random"} | fields))


def test_one_chooses_a_seat_and_an_opponent_without_an_account(browser, worker, db):
    page = browser().get(f"{C4}?seat=1&opponent=house:heuristic")
    content = page.content.decode()
    assert '<option value="1" selected>' in content
    assert '<option value="house:heuristic" selected>' in content
    assert "Nothing you do here is rated" in text_of(page)
    assert 'type="submit">Sit down' in content


def test_without_a_worker_the_page_says_so(browser, broker, db):
    page = browser().get(C4)
    assert "There is no table on this site now" in text_of(page)
    assert 'type="submit" disabled' in page.content.decode()
    answer = sit_down(browser())
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "no live worker answers" in text_of(answer)


def test_who_sits_down_gets_a_cookie_of_their_own_and_comes_to_the_table(browser, worker, db):
    ann = browser()
    answer = sit_down(ann)
    assert answer.status_code == 302
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    page = ann.get(answer["Location"])
    assert page["Cache-Control"] == "no-store"
    assert "You against Random, unrated" in text_of(page)
    assert "needs JavaScript" in text_of(page)
    assert 'data-seat-of-person="1"' in page.content.decode()
    assert browser().get(answer["Location"]).status_code == 404
    assert cookie.value not in page.content.decode()


def test_a_press_of_the_right_browser_is_taken_and_of_another_is_not(browser, worker, db):
    ann, eve = browser(), browser()
    table = sit_down(ann)["Location"]
    press = json.dumps({"action": 3, "turn": 0})

    def send(person, token="a" * 32, body=press):
        headers = {"X-CSRFToken": token}
        return person.client.post(f"{table}act", body, "application/json", headers=headers)

    assert send(ann).status_code == 204
    assert send(ann, token="wrong").status_code == 403
    assert send(eve).status_code == 404
    answer = send(ann, body="{")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "play.bad_press")
    assert worker.llen(keys.press_key(table.split("/")[2])) == 1


def test_the_stream_is_not_compressed_cached_or_buffered(browser, worker, db):
    ann = browser()
    table = sit_down(ann)["Location"]
    answer = ann.get(f"{table}stream", **{"Accept-Encoding": "gzip"})
    assert answer["Content-Type"] == "text/event-stream"
    assert (answer["Content-Encoding"], answer["Cache-Control"]) == ("identity", "no-cache")
    assert browser().get(f"{table}stream").status_code == 404
    answer.close()


def test_how_it_ended_stays_on_the_page_with_replay_and_another_game(browser, worker, db):
    ann = browser()
    table = sit_down(ann)["Location"]
    name = table.split("/")[2]
    fault = {"seat": 0, "name": "Random", "outcome": "crashed", "label": "crashed", "rank": 2, "reward": -1.0}
    words = {"meaning": "The agent raised an exception.", "message": "ZeroDivisionError <b>"}
    own = {"seat": 1, "name": "You", "outcome": "ok", "label": "ok", "rank": 1, "reward": 1.0, "meaning": ""}
    over = {"kind": "over", "text": "You won.", "seats": [fault | words, own], "replay": True}
    worker.set(keys.now_key(name), json.dumps(over), ex=60)
    worker.set(keys.replay_key(name), b"\x1f\x8breplay", ex=60)
    page = ann.get(table)
    assert "You won." in text_of(page)
    assert "The agent raised an exception. ZeroDivisionError <b>" in text_of(page)
    assert "<b>" not in page.content.decode().split("<main", 1)[1]
    replay = re.search(r'data-replay="([^"]+)"', page.content.decode())[1]
    assert ann.get(replay)["Content-Encoding"] == "gzip"
    assert browser().get(replay).status_code == 404
    swap = sit_down(ann, seat="0")
    assert swap["Location"] != table


def test_leaving_leads_back_to_the_choice(browser, worker, db):
    ann = browser()
    table = sit_down(ann)["Location"]
    left = ann.post(f"{table}leave")
    assert urlsplit(left["Location"]).path == C4
    assert "opponent=house%3Arandom" in left["Location"]
    assert ann.get(table).status_code == 404


@pytest.mark.parametrize(
    ("address", "fields", "status", "words"),
    [
        ("/arenas/conect_four-v3/play", {}, 404, "Did you mean"),
        (C4, {"seat": "2"}, 400, "seat must be a number from 0 to 1"),
        (C4, {"seat": "-1"}, 400, "seat must be"),
        (C4, {"seat": "9" * 40}, 400, "seat must be"),
        (C4, {"opponent": "house:nobody"}, 404, "There is no agent nobody"),
        (C4, {"opponent": []}, 404, "There is no agent (none)"),
        (f"{C4}?competition=nothing", {}, 404, "There is no competition"),
        ("/arenas/pistonball-v6/play", {}, 409, "20 seats"),
    ],
)
def test_a_wrong_choice_is_refused_in_words(browser, worker, db, address, fields, status, words):
    answer = sit_down(browser(), address, **fields)
    assert answer.status_code == status
    assert words in text_of(answer)


def test_where_people_cannot_play_the_page_names_where_they_can(browser, worker, db):
    why = "Bipedal Walker wants numbers, not choices: people can play arenas with discrete actions."
    worker.hset(keys.ARENAS, mapping={"BipedalWalker-v3": why, "connect_four-v3": ""})
    page = browser().get("/arenas/BipedalWalker-v3/play")
    assert why in text_of(page)
    assert f'<a href="{C4}">' in page.content.decode()
    assert "Sit down" not in text_of(page)
    assert sit_down(browser(), "/arenas/BipedalWalker-v3/play").status_code == 409


def test_a_competition_offers_its_own_agents_with_its_limits(browser, worker, submission, eve, competition):
    address = f"{C4}?competition=c4"
    answer = sit_down(browser(eve), address, opponent=submission.pk)
    assert answer.status_code == 302
    spec = worker.get(keys.spec_key(answer["Location"].split("/")[2]))
    assert json.loads(spec)["chairs"][0]["agent"]["digest"] == submission.package_id
    refused = sit_down(browser(), address, opponent=submission.pk)
    assert (refused.status_code, "Sign in" in text_of(refused)) == (401, True)
    assert "competition=c4" in browser().get("/competitions/c4/").content.decode()


def test_the_line_is_told_before_one_sits_down(browser, worker, db):
    sit_down(browser())
    assert tables.room() == (3, 1)
    assert "All tables are taken: 1 waiting." in text_of(browser().get(C4))
    worker.zadd(keys.WAITING, {"old": time.time() - 2 * keys.WAIT_SECONDS})
    assert tables.room() == (3, 1)
