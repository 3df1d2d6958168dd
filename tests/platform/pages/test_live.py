"""The event stream: who may listen, what is sent, what a slow page gets, what one that comes back gets."""

import asyncio
import re
from contextlib import AsyncExitStack, ExitStack

import pytest

from coliseum.announcements import Hint, publish, redis_url
from coliseum.pages import hub as hubs
from coliseum.pages.gate import IN_ALL, PER_ADDRESS, PER_PERSON, Caller, Gate
from coliseum.pages.hub import PAUSED, QUEUE_LENGTH, REFRESH, RESYNC, Event, Hub, Stream
from coliseum.pages.live import _events, _next, may_still
from workers.refusals import RefusedError


def test_the_stream_is_not_compressed_cached_or_buffered(browser, competition):
    answer = browser().get("/live?topic=competition:c4", **{"Accept-Encoding": "gzip"})
    assert answer["Content-Type"] == "text/event-stream"
    assert answer["Content-Encoding"] == "identity"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["X-Accel-Buffering"] == "no"
    answer.close()


@pytest.mark.parametrize(
    "topic", ["competition:none", "match:x", "submission:00000000000000000z", "everything", ""]
)
def test_b75_an_unknown_topic_does_not_exist(browser, ann, competition, topic):
    assert browser(ann).get(f"/live?topic={topic}").status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://testserver"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_b76_only_pages_of_this_site_may_listen(browser, competition, headers, status):
    answer = browser().get("/live?topic=competition:c4", **headers)
    assert answer.status_code == status
    if status == 403:
        assert "auth.bad_origin" in answer.content.decode()
    answer.close()


async def _heard(hub, topics, act, last=""):
    async with hub.open(topics, last=last) as stream:
        await act()
        return [stream.queue.get_nowait() for _ in range(stream.queue.qsize())]


async def _nothing():
    pass


def _kinds(events):
    return [(event.kind, event.topic) for event in events]


def test_a_hint_reaches_the_pages_of_its_topic_alone():
    async def look():
        hub = Hub()
        async with hub.open(["match:1"]) as mine, hub.open(["match:2"]) as other:
            hub.spread(Hint("match:1", "changed"))
            return mine.queue.get_nowait(), other.queue.empty()

    event, is_empty = asyncio.run(look())
    assert (event.kind, event.topic, is_empty) == (REFRESH, "match:1", True)


def test_a_page_that_comes_back_hears_once_what_it_missed():
    async def look():
        hub = Hub()
        seen = []

        async def tell(*topics):
            for topic in topics:
                hub.spread(Hint(topic, "changed"))

        seen += await _heard(hub, ["match:1"], lambda: tell("match:1"))
        await tell("match:1", "match:2", "match:1", "match:3")
        missed = await _heard(hub, ["match:1", "match:2"], _nothing, seen[-1].id)
        again = await _heard(hub, ["match:1"], _nothing, missed[-1].id)
        return seen, missed, again

    seen, missed, again = asyncio.run(look())
    assert _kinds(missed) == [(REFRESH, "match:1"), (REFRESH, "match:2")]
    assert again == []
    assert missed[-1].id > seen[-1].id


@pytest.mark.parametrize("last", ["0-0", "1-5", "x", "9999999999999-1", "é-²", "-", "1" * 40])
def test_who_names_a_place_nobody_knows_is_told_to_look_anew(last):
    assert _kinds(asyncio.run(_heard(Hub(), ["site"], _nothing, last))) == [(RESYNC, "")]


def test_what_was_missed_too_long_ago_is_not_listed():
    async def look():
        hub = Hub()
        first = (await _heard(hub, ["match:0"], lambda: _tell(hub, 1)))[0].id
        await _tell(hub, hubs.KEPT + 1)
        return await _heard(hub, ["match:0"], _nothing, first)

    async def _tell(hub, count):
        for number in range(count):
            hub.spread(Hint(f"match:{number}", "changed"))

    assert _kinds(asyncio.run(look())) == [(RESYNC, "")]


def test_a_board_is_told_at_once_and_then_in_its_pace(monkeypatch):
    monkeypatch.setitem(hubs.PACE_SECONDS, "competition", 0.05)

    async def look():
        hub = Hub()
        async with hub.open(["competition:c4"]) as stream:
            for _ in range(20):
                hub.spread(Hint("competition:c4", "changed"))
            at_once = stream.queue.qsize()
            await asyncio.sleep(0.2)
            heard = [stream.queue.get_nowait() for _ in range(stream.queue.qsize())]
            return at_once, [event.id for event in heard if event.kind == REFRESH]

    at_once, ids = asyncio.run(look())
    assert (at_once, len(set(ids))) == (1, 2)


def test_the_more_pages_listen_the_slower_a_board_is_told():
    async def look(pages):
        hub = Hub()
        async with AsyncExitStack() as opened:
            for _ in range(pages):
                await opened.enter_async_context(hub.open(["competition:c4"]))
            return hub._pace("competition:c4"), hub._pace("competition:other"), hub._pace("match:1")

    least = hubs.PACE_SECONDS["competition"]
    assert asyncio.run(look(1)) == (least, least, 0.0)
    assert asyncio.run(look(300)) == (pytest.approx(300 * hubs.PACE_OF_A_PAGE), least, 0.0)


def test_a_page_that_does_not_keep_up_is_told_to_look_anew():
    stream = Stream(frozenset({"site"}))
    for _ in range(QUEUE_LENGTH + 1):
        stream.put(Event(REFRESH, "site"))
    assert stream.queue.qsize() == 1
    assert stream.queue.get_nowait().kind == RESYNC


def test_events_are_written_as_the_script_reads_them():
    async def write(event):
        stream = Stream(frozenset())
        stream.put(event)
        return await _next(stream)

    assert asyncio.run(write(Event(REFRESH, "match:1", "7-3"))) == (
        "id: 7-3\nevent: refresh\ndata: match:1\n\n"
    )
    assert asyncio.run(write(Event(RESYNC))).endswith("event: refresh\ndata:\n\n")


def test_a_page_is_made_with_the_place_from_which_its_stream_goes_on(browser, competition):
    page = browser().get("/competitions/c4/leaderboard").content.decode()
    assert re.search(r'data-live="/live\?topic=competition%3Ac4&amp;last=[0-9-]+"', page)


def test_one_person_one_address_and_all_together_have_so_many_streams():
    gate = Gate(in_all=PER_ADDRESS + PER_PERSON + 1)
    ann = Caller("10.0.0.1", 1)
    with ExitStack() as everybody:
        with ExitStack() as mine:
            for _ in range(PER_PERSON):
                mine.enter_context(gate.entered(ann))
            gate.check(Caller("10.0.0.1", 2))
            with pytest.raises(RefusedError, match="Too many requests"):
                gate.check(ann)
            for _ in range(PER_ADDRESS):
                everybody.enter_context(gate.entered(Caller("10.0.0.2")))
            with pytest.raises(RefusedError):
                gate.check(Caller("10.0.0.2", 3))
            everybody.enter_context(gate.entered(Caller("10.0.0.3")))
            with pytest.raises(RefusedError):
                gate.check(Caller("10.0.0.4"))
        gate.check(ann)
        assert (gate.open, IN_ALL) == (PER_ADDRESS + 1, 500)
    assert gate.open == 0


def test_t20_who_signed_out_or_lost_the_right_is_cut_off(browser, ann, eve, submission, client):
    topics = [f"submission:{submission.pk}"]
    client.force_login(ann)
    session = client.session.session_key
    assert may_still(session, ann.pk, topics)
    assert not may_still(session, eve.pk, topics)
    submission.entry.team.members.remove(ann)
    assert not may_still(session, ann.pk, topics)
    submission.entry.team.members.add(ann)
    client.logout()
    assert not may_still(session, ann.pk, topics)


def test_t20_an_open_stream_ends_soon_after_its_owner_signed_out(
    transactional_db, settings, ann, client, monkeypatch
):
    monkeypatch.setattr("coliseum.pages.live.RECHECK_SECONDS", 0.05)
    client.force_login(ann)
    session = client.session.session_key

    async def listen():
        heard = []
        async with asyncio.timeout(20):
            async for text in _events(["site"], "", session=session, person=ann.pk):
                heard.append(text)
                if len(heard) == 3:
                    await asyncio.to_thread(client.logout)
        return heard

    heard = asyncio.run(listen())
    assert heard[-1] == "event: closed\ndata:\n\n"
    assert len(heard) > 3


def test_without_the_queue_the_stream_stays_open_and_says_so(settings, tmp_path):
    settings.BROKER_URL = f"redis+socket://{tmp_path}/none.sock"

    async def listen():
        hub = Hub()
        async with hub.open(["site"]) as stream:
            first = await asyncio.wait_for(stream.queue.get(), 5)
        hub._listener.cancel()
        return first.kind

    assert asyncio.run(listen()) == PAUSED


def test_publishing_to_nobody_is_no_fault(settings, tmp_path):
    settings.BROKER_URL = f"redis+socket://{tmp_path}/none.sock"
    publish("site", "changed")


@pytest.mark.parametrize(
    ("broker", "address"),
    [
        ("redis+socket:///tmp/x/valkey.sock?virtual_host=0", "unix:///tmp/x/valkey.sock?db=0"),
        ("redis+socket:///tmp/x/valkey.sock", "unix:///tmp/x/valkey.sock?db=0"),
        ("redis://:pw@queue:6379/1", "redis://:pw@queue:6379/1"),
    ],
)
def test_the_queues_address_is_written_for_redis_clients(broker, address):
    assert redis_url(broker) == address
