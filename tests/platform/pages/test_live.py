"""The event stream: who may listen, what is sent, what a slow page gets."""

import asyncio

import pytest

from coliseum.announcements import Hint, publish, redis_url
from coliseum.pages.hub import IN_ALL, PAUSED, PER_PERSON, QUEUE_LENGTH, REFRESH, RESYNC, Hub, Stream
from coliseum.pages.live import _next
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


def test_a_hint_reaches_the_pages_of_its_topic_alone():
    async def look():
        hub = Hub()
        async with hub.open("ann", ["match:1"]) as mine, hub.open("eve", ["match:2"]) as other:
            hub.spread(Hint("match:1", "changed"))
            return mine.queue.get_nowait(), other.queue.empty()

    assert asyncio.run(look()) == ((REFRESH, "match:1"), True)


def test_a_page_that_does_not_keep_up_is_told_to_look_anew():
    stream = Stream("ann", frozenset({"site"}))
    for _ in range(QUEUE_LENGTH + 1):
        stream.put(REFRESH, "site")
    assert stream.queue.qsize() == 1
    assert stream.queue.get_nowait() == (RESYNC, "")


def test_events_are_written_as_the_script_reads_them():
    async def write(event, topic):
        stream = Stream("ann", frozenset())
        stream.put(event, topic)
        return await _next(stream)

    assert asyncio.run(write(REFRESH, "match:1")) == "event: refresh\ndata: match:1\n\n"
    assert asyncio.run(write(RESYNC, "")).endswith("event: refresh\ndata:\n\n")


def test_one_person_has_so_many_streams_and_no_more():
    async def fill():
        hub = Hub()
        hub._streams = {Stream("ann", frozenset()) for _ in range(PER_PERSON)}
        hub.check_room("eve")
        with pytest.raises(RefusedError, match="Too many requests"):
            hub.check_room("ann")
        hub._streams = {Stream(str(number), frozenset()) for number in range(IN_ALL)}
        with pytest.raises(RefusedError):
            hub.check_room("eve")

    asyncio.run(fill())


def test_without_the_queue_the_stream_stays_open_and_says_so(settings, tmp_path):
    settings.BROKER_URL = f"redis+socket://{tmp_path}/none.sock"

    async def listen():
        hub = Hub()
        async with hub.open("ann", ["site"]) as stream:
            first = await asyncio.wait_for(stream.queue.get(), 5)
        hub._listener.cancel()
        return first

    assert asyncio.run(listen()) == (PAUSED, "")


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
