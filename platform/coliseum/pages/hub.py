"""One Redis subscription a process, handed on to every open page through a small queue each.

How it works. The first stream starts a task that listens on the channel of hints; it ends by itself a while
after the last stream left. A page that does not keep up loses its oldest hints and gets one that says
"everything may have changed". While Redis is away the streams stay open and say so once.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
import redis.asyncio
from django.conf import settings
from redis.exceptions import RedisError

from coliseum.announcements import CHANNEL, Hint, redis_url
from workers.refusals import RefusedError

logger = logging.getLogger(__name__)

QUEUE_LENGTH = 16
PER_PERSON = 5
IN_ALL = 500
RETRY_SECONDS = 2.0
LINGER_SECONDS = 30.0

REFRESH, RESYNC, PAUSED = "refresh", "resync", "paused"


@dataclass(eq=False, slots=True)
class Stream:
    """One open page."""

    owner: str
    topics: frozenset[str]
    queue: asyncio.Queue[tuple[str, str]] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))

    def put(self, event: str, topic: str) -> None:
        """Add an event; a full queue is emptied for one that says that hints were lost."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            event, topic = RESYNC, ""
        self.queue.put_nowait((event, topic))


class Hub:
    """The open streams of this process. Lives in one event loop."""

    def __init__(self) -> None:
        self._streams: set[Stream] = set()
        self._listener: asyncio.Task[None] | None = None
        self._paused = False

    def check_room(self, owner: str) -> None:
        """Refuse one stream too many.

        Raises:
            RefusedError: `rate.limited`.
        """
        own = sum(stream.owner == owner for stream in self._streams)
        if own >= PER_PERSON or len(self._streams) >= IN_ALL:
            raise RefusedError("rate.limited", limit=PER_PERSON, retry_after=30)

    @asynccontextmanager
    async def open(self, owner: str, topics: Iterable[str]) -> AsyncIterator[Stream]:
        """Give a stream of the hints on some topics for as long as the block runs."""
        stream = Stream(owner, frozenset(topics))
        self._streams.add(stream)
        self._ensure_listening()
        if self._paused:
            stream.put(PAUSED, "")
        try:
            yield stream
        finally:
            self._streams.discard(stream)

    def spread(self, hint: Hint) -> None:
        """Hand a hint to the streams of its topic."""
        for stream in self._streams:
            if hint.topic in stream.topics:
                stream.put(REFRESH, hint.topic)

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
            self._tell(PAUSED)
            self._paused = True
            await asyncio.sleep(RETRY_SECONDS)
            alone = 0.0 if self._streams else alone + RETRY_SECONDS

    async def _listen_once(self) -> None:
        """Listen until nobody has looked for a while."""
        address = redis_url(settings.BROKER_URL)
        async with (
            redis.asyncio.Redis.from_url(address, socket_connect_timeout=2.0) as client,
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

    def _take(self, content: bytes) -> None:
        try:
            self.spread(msgspec.json.decode(content, type=Hint))
        except msgspec.MsgspecError:
            logger.warning("hint_unreadable")

    def _tell(self, event: str) -> None:
        for stream in self._streams:
            stream.put(event, "")


hub = Hub()
"""The hub of this process."""
