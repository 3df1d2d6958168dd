"""The event stream: hints that something on the page changed; they carry no facts."""

import time
from asyncio import wait_for
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Final, cast

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from coliseum.accounts.models import User
from coliseum.competitions.queries import competition_for
from coliseum.matches.queries import match_for
from coliseum.pages.gate import Gate, caller_of, check_origin, keep_open, let_go
from coliseum.pages.hub import RESYNC, Event, Stream, hub
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import known_id, known_slug
from coliseum.submissions.queries import submission_for
from coliseum.tournaments.queries import tournament_for
from workers.refusals import RefusedError

HEARTBEAT_SECONDS = 15.0
RECHECK_SECONDS = 60.0
"""How often an open stream is asked again whether its owner is still signed in and may see its topics."""
MOST_TOPICS: Final = 5
_LAST_CHARACTERS: Final = 40

gate = Gate()
"""Counts the streams of this process."""


@require_safe
async def live(request: HttpRequest) -> HttpResponseBase:
    """Open a stream of hints on the topics asked for, each permitted as its page is.

    A page that comes back names the last event it heard, in the header that browsers send by themselves or
    as `last`.
    """
    check_origin(request)
    topics = request.GET.getlist("topic")
    user = cast(User, await request.auser())
    await sync_to_async(check_topics)(topics, user)
    caller = caller_of(request, user.pk if user.is_authenticated else None)
    gate.check(caller)
    last = (request.headers.get("Last-Event-ID") or request.GET.get("last", ""))[:_LAST_CHARACTERS]

    async def events() -> AsyncIterator[str]:
        session = request.session.session_key or ""
        with gate.entered(caller):
            await let_go()
            async for text in _events(topics, last, session=session, person=caller.person):
                yield text

    return keep_open(StreamingHttpResponse(events(), content_type="text/event-stream"))


def check_topics(topics: list[str], user: User) -> None:
    """Refuse topics that do not exist or whose page this person may not see.

    Raises:
        RefusedError: `not_found`, or `request.bad_field` for no topic or too many.
    """
    if not 1 <= len(topics) <= MOST_TOPICS:
        raise RefusedError(
            "request.bad_field", name="topic", wanted=f"given 1 to {MOST_TOPICS} times", field="topic"
        )
    for topic in topics:
        kind, _, name = topic.partition(":")
        if kind == "competition":
            competition_for(known_slug(name), user)
        elif kind == "submission":
            submission_for(known_id("submission", name), user)
        elif kind == "match":
            match_for(known_id("match", name), user)
        elif kind == "tournament":
            tournament_for(known_id("tournament", name), user)
        elif kind == "person":
            if not user.is_authenticated or name != str(user.pk):
                raise RefusedError("not_found", kind="topic", id=topic)
        elif topic != "site":
            raise RefusedError("not_found", kind="topic", id=topic)


async def _events(topics: list[str], last: str, *, session: str, person: int | None) -> AsyncIterator[str]:
    async with hub.open(topics, last=last) as stream:
        yield ": open\n\n"
        checked = time.monotonic()
        while True:
            left = checked + RECHECK_SECONDS - time.monotonic()
            if left > 0:
                yield await _next(stream, min(HEARTBEAT_SECONDS, left))
            elif await _may_still(session, person, topics):
                checked = time.monotonic()
            else:
                yield "event: closed\ndata:\n\n"
                return


async def _may_still(session: str, person: int | None, topics: list[str]) -> bool:
    try:
        return await sync_to_async(may_still)(session, person, topics)
    finally:
        await let_go()


def may_still(session: str, person: int | None, topics: list[str]) -> bool:
    """Say whether whoever opened a stream is still signed in, and may still see its topics.

    Args:
        session: key of the session it was opened from.
        person: id of who was signed in; None for somebody who was not.
        topics: of the stream.
    """
    try:
        user = _user_of(session) if person is not None else AnonymousUser()
        if user.pk != person:
            return False
        check_topics(topics, cast(User, user))
    except RefusedError:
        return False
    except DatabaseError:
        return True  # Nobody can tell now; it is asked again soon.
    return True


def _user_of(session: str) -> User | AnonymousUser:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session)
    return get_user(request)


async def _next(stream: Stream, seconds: float = HEARTBEAT_SECONDS) -> str:
    """Return the next event as text, or a comment that keeps the connection alive."""
    try:
        return _text(await wait_for(stream.queue.get(), seconds))
    except TimeoutError:
        return ": still here\n\n"


def _text(event: Event) -> str:
    number = f"id: {event.id}\n" if event.id else ""
    if event.kind == RESYNC:
        # Two names for one thing: `refresh` without a topic is what the page's script acts on.
        return f"{number}event: resync\ndata:\n\nevent: refresh\ndata:\n\n"
    return f"{number}event: {event.kind}\ndata: {event.topic}\n\n"
