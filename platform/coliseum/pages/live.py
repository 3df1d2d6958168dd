"""The event stream: hints that something on the page changed; they carry no facts."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from coliseum.accounts.models import User
from coliseum.competitions.queries import competition_for
from coliseum.matches.queries import match_for
from coliseum.pages.hub import RESYNC, Stream, hub
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import known_id, known_slug
from coliseum.submissions.queries import submission_for
from coliseum.tournaments.queries import tournament_for
from workers.refusals import RefusedError

HEARTBEAT_SECONDS = 15.0
MOST_TOPICS = 4


@require_safe
async def live(request: HttpRequest) -> HttpResponseBase:
    """Open a stream of hints on the topics asked for, each permitted as its page is."""
    topics = request.GET.getlist("topic")
    user = cast(User, await request.auser())
    await sync_to_async(check_topics)(topics, user)
    owner = f"user {user.pk}" if user.is_authenticated else f"address {request.META.get('REMOTE_ADDR', '')}"
    hub.check_room(owner)
    response = StreamingHttpResponse(_events(owner, topics), content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"
    # Whatever compresses answers on the way would hold the events back.
    response["Content-Encoding"] = "identity"
    return response


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
        elif topic != "site":
            raise RefusedError("not_found", kind="topic", id=topic)


async def _events(owner: str, topics: list[str]) -> AsyncIterator[str]:
    async with hub.open(owner, topics) as stream:
        yield ": open\n\n"
        while True:
            yield await _next(stream)


async def _next(stream: Stream) -> str:
    """Return the next event as text, or a comment that keeps the connection alive."""
    try:
        event, topic = await asyncio.wait_for(stream.queue.get(), HEARTBEAT_SECONDS)
    except TimeoutError:
        return ": still here\n\n"
    if event == RESYNC:
        # Two names for one thing: `refresh` without a topic is what the page's script acts on.
        return "event: resync\ndata:\n\nevent: refresh\ndata:\n\n"
    return f"event: {event}\ndata: {topic}\n\n"
