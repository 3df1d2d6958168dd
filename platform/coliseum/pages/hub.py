"""One Redis subscription a process, handed on to every open page through a small queue each.

How it works. The first stream starts a task that listens on the channel of hints; it ends by itself a while
after the last stream left. Every hint gets a number, and the latest are kept, so that a page that comes back
hears what it missed, or that everything may have changed. A page that does not keep up loses its oldest hints
and is told the same. Topics that change all the time are told at most once in their pace, which is slower the
more pages listen. While Redis is away the streams stay open and say so once.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import msgspec
import redis.asyncio
from django.conf import settings
from redis.exceptions import RedisError

from coliseum.announcements import CHANNEL, Hint, redis_url

logger = logging.getLogger(__name__)

QUEUE_LENGTH: Final = 16
KEPT: Final = 512
"""Hints that are remembered for pages that come back."""
RETRY_SECONDS: Final = 2.0
LINGER_SECONDS: Final = 30.0
PACE_SECONDS: Final = {"competition": 0.8, "site": 2.0, "tournament": 0.8}
"""Least time between two hints on a topic of a kind; others are told at once."""
PACE_OF_A_PAGE: Final = 0.01
"""What each page that listens adds to it, in seconds: a hint makes all of them ask."""

_NOWHERE: Final = "0-0"

REFRESH, RESYNC, PAUSED = "refresh", "resync", "paused"


@dataclass(frozen=True, slots=True)
class Event:
    """What one page is told."""

    kind: str
    topic: str = ""
    id: str = ""


@dataclass(eq=False, slots=True)
class Stream:
    """One open page."""

    topics: frozenset[str]
    queue: asyncio.Queue[Event] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))

    def put(self, event: Event) -> None:
        """Add an event; a full queue is emptied for one that says that hints were lost."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            event = Event(RESYNC, id=event.id)
        self.queue.put_nowait(event)


class Hub:
    """The open streams of this process. Lives in one event loop."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()
        self._listener: asyncio.Task[None] | None = None
        self._paused = False
        # Later processes count on from a later moment, so that numbers grow over restarts too.
        self._epoch = time.time_ns() // 1_000_000
        self._number = 0
        self._latest: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self._told_at: dict[str, float] = {}
        self._planned: set[str] = set()

    @asynccontextmanager
    async def open(self, topics: Iterable[str], *, last: str = "") -> AsyncIterator[Stream]:
        """Give a stream of the hints on some topics for as long as the block runs.

        Args:
            topics: what the page shows.
            last: id of the last event the page heard; empty for one that was just loaded.
        """
        stream = Stream(frozenset(topics))
        if last:
            self._make_up(stream, last)
        self._streams.add(stream)
        self._ensure_listening()
        if self._paused:
            stream.put(Event(PAUSED))
        try:
            yield stream
        finally:
            self._streams.discard(stream)

    def _make_up(self, stream: Stream, last: str) -> None:
        """Tell a page that comes back what it missed, or that nobody knows any more."""
        epoch, _, number = last.partition("-")
        oldest = self._latest[0][0] if self._latest else self._number + 1
        if epoch != str(self._epoch) or not number.isdecimal() or not oldest - 1 <= int(number):
            stream.put(Event(RESYNC, id=self._id))
            return
        missed = {topic for told, topic in self._latest if told > int(number) and topic in stream.topics}
        for topic in sorted(missed):
            stream.put(Event(REFRESH, topic, self._id))

    def spread(self, hint: Hint) -> None:
        """Hand a hint to the streams of its topic, now or when its pace allows."""
        topic = hint.topic
        pace = self._pace(topic)
        loop = asyncio.get_running_loop()
        due = self._told_at.get(topic, -pace) + pace
        if not pace or due <= loop.time():
            self._tell_topic(topic)
        elif topic not in self._planned:
            self._planned.add(topic)
            loop.call_at(due, self._tell_topic, topic)

    def _pace(self, topic: str) -> float:
        least = PACE_SECONDS.get(topic.partition(":")[0], 0.0)
        if not least:
            return 0.0
        return max(least, PACE_OF_A_PAGE * sum(topic in stream.topics for stream in self._streams))

    def _tell_topic(self, topic: str) -> None:
        self._planned.discard(topic)
        now = asyncio.get_running_loop().time()
        if len(self._told_at) > KEPT:
            slowest = max(*PACE_SECONDS.values(), PACE_OF_A_PAGE * len(self._streams))
            self._told_at = {each: at for each, at in self._told_at.items() if now - at < slowest}
        if topic.partition(":")[0] in PACE_SECONDS:
            self._told_at[topic] = now
        self._number += 1
        self._latest.append((self._number, topic))
        event = Event(REFRESH, topic, self._id)
        for stream in self._streams:
            if topic in stream.topics:
                stream.put(event)

    @property
    def mark(self) -> str:
        """Return where a page that is made now stands, to be handed to `open` when its stream begins."""
        is_listening = self._listener is not None and not self._listener.done() and not self._paused
        return self._id if is_listening else _NOWHERE

    @property
    def _id(self) -> str:
        return f"{self._epoch}-{self._number}"

    def _ensure_listening(self) -> None:
        loop = asyncio.get_running_loop()
        listener = self._listener
        if listener is None or listener.done() or listener.get_loop() is not loop:
            self._listener = loop.create_task(self._listen(), name="live-hints")

    async def _listen(self) -> None:
        alone = 0.0
        while alone < LINGER_SECONDS:
            try:
                await self._listen_once()
                return
            except (RedisError, OSError) as error:
                logger.info("hints_unreachable", extra={"problem": type(error).__name__})
            if not self._paused:
                self._tell(PAUSED)
            self._paused = True
            await asyncio.sleep(RETRY_SECONDS)
            alone = 0.0 if self._streams else alone + RETRY_SECONDS

    async def _listen_once(self) -> None:
        """Listen until nobody has looked for a while."""
        address = redis_url(settings.BROKER_URL)
        async with (
            # A server that went without a word is noticed by a ping that nobody answers.
            redis.asyncio.Redis.from_url(
                address, socket_connect_timeout=2.0, socket_timeout=5.0, health_check_interval=10
            ) as client,
            client.pubsub() as hints,
        ):
            await hints.subscribe(CHANNEL)
            if self._paused:
                self._paused = False
                self._tell(RESYNC)
            alone = 0.0
            while alone < LINGER_SECONDS:
                message = await hints.get_message(ignore_subscribe_messages=True, timeout=1.0)
                alone = 0.0 if self._streams else alone + 1.0
                if message is not None:
                    self._take(message["data"])
        # Whoever comes later must not be told to go on from here: nobody listened meanwhile.
        self._latest.clear()
        self._number += 1

    def _take(self, content: bytes) -> None:
        try:
            self.spread(msgspec.json.decode(content, type=Hint))
        except msgspec.MsgspecError:
            logger.warning("hint_unreadable")

    def _tell(self, kind: str) -> None:
        self._number += 1
        self._latest.clear()
        for stream in self._streams:
            stream.put(Event(kind, id=self._id))


hub = Hub()
"""The hub of this process."""
