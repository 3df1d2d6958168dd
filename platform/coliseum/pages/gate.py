"""Who may open one more stream: a few for each person and address, and only from this site's pages."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlsplit

from asgiref.sync import SyncToAsync, sync_to_async
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse

from workers.refusals import RefusedError

PER_PERSON: Final = 5
PER_ADDRESS: Final = 50
"""Many sit behind one address: a classroom watches together."""
IN_ALL: Final = 500

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks for a stream."""

    address: str
    person: int | None = None
    """Their id; nothing for somebody who is not signed in."""


class Gate:
    """Counts the open streams of one kind in this process."""

    def __init__(self, in_all: int = IN_ALL) -> None:
        self._in_all = in_all
        self._persons: Counter[int] = Counter()
        self._addresses: Counter[str] = Counter()

    @property
    def open(self) -> int:
        """Return how many streams are open."""
        return self._addresses.total()

    def check(self, caller: Caller) -> None:
        """Refuse one stream too many.

        Raises:
            RefusedError: `rate.limited`.
        """
        is_many = caller.person is not None and self._persons[caller.person] >= PER_PERSON
        if is_many or self._addresses[caller.address] >= PER_ADDRESS or self.open >= self._in_all:
            raise RefusedError("rate.limited", limit=PER_PERSON, retry_after=30)

    @contextmanager
    def entered(self, caller: Caller) -> Iterator[None]:
        """Count a stream for as long as the block runs."""
        self._addresses[caller.address] += 1
        if caller.person is not None:
            self._persons[caller.person] += 1
        try:
            yield
        finally:
            _leave(self._addresses, caller.address)
            if caller.person is not None:
                _leave(self._persons, caller.person)


def _leave(counts: Counter[_Key], key: _Key) -> None:
    counts[key] -= 1
    if counts[key] <= 0:
        del counts[key]


def caller_of(request: HttpRequest, person: int | None = None) -> Caller:
    """Return who asks."""
    return Caller(request.META.get("REMOTE_ADDR", ""), person)


def check_origin(request: HttpRequest) -> None:
    """Refuse what another site's page asks for in the name of its visitor.

    Raises:
        RefusedError: `auth.bad_origin`.
    """
    origin = request.headers.get("Origin", "")
    is_foreign = bool(origin) and urlsplit(origin).netloc != request.get_host()
    if is_foreign or request.headers.get("Sec-Fetch-Site", "") in {"cross-site", "same-site"}:
        raise RefusedError("auth.bad_origin")


def keep_open(response: StreamingHttpResponse) -> StreamingHttpResponse:
    """Mark an answer as one that nobody on the way may keep, collect or compress."""
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    # Whatever compresses answers on the way would hold the events back.
    response["Content-Encoding"] = "identity"
    return response


async def let_go() -> None:
    """Give back what a request holds to its end: a stream is open for hours and needs none of it.

    That is a thread, in which all that is not asynchronous was done, with its connections to the database.
    asgiref makes another one when there is more to do. Without this, 1,000 streams were 1,000 threads (0.4 MB
    each), and on PostgreSQL as many connections.
    """
    await sync_to_async(_close_connections)()
    try:
        context = SyncToAsync.thread_sensitive_context.get()
    except LookupError:
        return  # Not served by ASGI: nothing is held.
    executor = SyncToAsync.context_to_thread_executor.pop(context, None)
    if executor is not None:
        executor.shutdown(wait=False)


def _close_connections() -> None:
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
