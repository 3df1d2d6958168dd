"""The channels of this process: one reader a show, handed on to all who watch it through a small queue each.

How it works. The first who watches a channel starts a task that begins a show, or finds the one that is on,
reads its words from the queue's server, and begins the next one when it is over. It ends by itself a while
after the last viewer left; the show then misses its sign of life and ends too. Who does not keep up, and who
comes late, gets the show as it is now instead of what they missed.
"""

import asyncio
import contextvars
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final, TypeVar

from asgiref.sync import sync_to_async
from django.db import DatabaseError, connections
from redis.exceptions import RedisError

from coliseum.live import shows, wire
from coliseum.live.lineups import Plan
from coliseum.live.shows import GAP_SECONDS, Show

logger = logging.getLogger(__name__)

_QUEUE_LENGTH: Final = 32
_SILENCE_SECONDS: Final = 15.0
"""After so long without news a viewer gets a sign of life."""
_LINGER_SECONDS: Final = 5.0
_RETRY_SECONDS: Final = 5.0
_OTHERS_SECONDS: Final = 1.0
"""How long to wait for the process that begins the next show."""

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Off:
    """Nothing is played: there is no live worker, no room, or nobody to show."""


@dataclass(frozen=True, slots=True)
class Next:
    """A show is over; this one comes."""

    plan: Plan | None
    seconds: int


Heard = Show | Off | Next | bytes
"""A show that begins, none, the next one, or a word of the table; an empty word says that all is well."""


@dataclass(frozen=True, slots=True)
class _Last:
    """The latest show of a channel, and whether it still goes on."""

    show: Show | None
    is_on: bool

    @property
    def table(self) -> str:
        return self.show.table if self.show else ""


@dataclass(eq=False, slots=True)
class _Viewer:
    queue: asyncio.Queue[Heard] = field(default_factory=lambda: asyncio.Queue(_QUEUE_LENGTH))
    is_behind: bool = True

    def put(self, heard: Heard) -> None:
        if self.queue.full():
            self.is_behind = True
        if not self.is_behind:
            self.queue.put_nowait(heard)

    def forget(self) -> None:
        while not self.queue.empty():
            self.queue.get_nowait()
        self.is_behind = False


class Channel:
    """One channel. Lives in one event loop."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._viewers: set[_Viewer] = set()
        self._task: asyncio.Task[None] | None = None
        self._now: Heard = b""

    @property
    def is_idle(self) -> bool:
        """Say whether nobody watches and nothing is done for anybody."""
        return not self._viewers and (self._task is None or self._task.done())

    async def watch(self) -> AsyncGenerator[Heard, None]:
        """Yield what is to be seen, beginning with what is on now."""
        viewer = _Viewer()
        self._viewers.add(viewer)
        self._ensure_running()
        try:
            while True:
                if viewer.is_behind:
                    viewer.forget()
                    async with aclosing(self._all_of_it()) as found:
                        async for heard in found:
                            yield heard
                try:
                    yield await asyncio.wait_for(viewer.queue.get(), _SILENCE_SECONDS)
                except TimeoutError:
                    yield b""
        finally:
            self._viewers.discard(viewer)

    async def _all_of_it(self) -> AsyncGenerator[Heard, None]:
        now = self._now
        yield now
        if isinstance(now, Show):
            try:
                yield await wire.now(now.table)
            except (RedisError, OSError):
                yield b""

    def _ensure_running(self) -> None:
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            # A context of its own: what it does belongs to no request.
            self._task = loop.create_task(self._run(), name=f"tv-{self.name}", context=contextvars.Context())

    async def _run(self) -> None:
        while await self._is_watched():
            try:
                await self._go_on()
            except DatabaseError as error:
                logger.warning("tv_without_database", extra={"problem": type(error).__name__})
                self._spread(Off())
                await asyncio.sleep(_RETRY_SECONDS)

    async def _go_on(self) -> None:
        """Follow the show that is on, or begin the next one; then say what comes."""
        last = await _aside(self._last)
        show = last.show if last.is_on else await self._follow_up(last.table)
        if show is None:
            self._spread(Off())
            await asyncio.sleep(_RETRY_SECONDS)
            return
        self._spread(show)
        await self._follow(show)
        if self._viewers:
            plan = await _aside(lambda: shows.planned(self.name) if shows.is_on() else None)
            self._spread(Next(plan, GAP_SECONDS))
            await asyncio.sleep(GAP_SECONDS)

    def _last(self) -> "_Last":
        show = shows.current(self.name)
        return _Last(show, show is not None and not shows.is_over(show))

    async def _is_watched(self) -> bool:
        if not self._viewers:
            await asyncio.sleep(_LINGER_SECONDS)
        return bool(self._viewers)

    async def _follow_up(self, table: str) -> Show | None:
        """Return the show after this table's, begun here or by another process."""
        begun = await _aside(lambda: shows.begin_next(self.name, after=table))
        if begun is not None:
            return begun
        await asyncio.sleep(_OTHERS_SECONDS)
        last = await _aside(self._last)
        return last.show if last.is_on else None

    async def _follow(self, show: Show) -> None:
        """Hand on the words of a show until it is over, or nobody watches any more."""
        async with aclosing(wire.words(show.table)) as words:
            async for word in words:
                if word:
                    self._spread(word)
                if not self._viewers:
                    await asyncio.sleep(_LINGER_SECONDS)
                    if not self._viewers:
                        return

    def _spread(self, heard: Heard) -> None:
        if not isinstance(heard, bytes):
            self._now = heard
        for viewer in self._viewers:
            viewer.put(heard)


_channels: dict[str, Channel] = {}


def channel_of(name: str) -> Channel:
    """Return a channel of this process; those that nobody watches are forgotten."""
    for idle in [each for each, channel in _channels.items() if channel.is_idle]:
        del _channels[idle]
    return _channels.setdefault(name, Channel(name))


async def _aside(call: Callable[[], _Answer]) -> _Answer:
    """Call what waits for database or queue in a thread, which keeps no connection to the database."""

    def run() -> _Answer:
        try:
            return call()
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False)()
