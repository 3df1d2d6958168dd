"""TV: a match while it is played, what comes next, and what was worth a look today."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Final, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from arenas import registry
from arenas.spec import ArenaSpec
from coliseum.accounts.models import User
from coliseum.live import shows
from coliseum.live.channels import Heard, Next, Off, channel_of
from coliseum.live.lineups import Plan, candidates, is_watchable, open_shows
from coliseum.live.shows import Show
from coliseum.pages.gate import Gate, caller_of, check_origin, keep_open, let_go
from coliseum.pages.highlights import Remarkable, best_of_today, remarkable_today
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.parameters import choice, known_only
from coliseum.pages.playing import player
from coliseum.pages.rows import BOARDS, Row, arena_title
from coliseum.pages.table_words import in_language
from workers.refusals import RefusedError

_LISTED: Final = 5
_ARENA_CHARACTERS: Final = 60

gate = Gate()
"""Counts who watches in this process."""


@require_safe
def tv(request: HttpRequest) -> HttpResponse:
    """Show what is played live on a channel; `wall` leaves nothing but the screen, for a wall."""
    known_only(request, ("arena", "wall"))
    channel = _channel(request.GET.get("arena", ""))
    spec = registry.get(channel) if channel else None
    context = {
        "section": "tv",
        "channel": channel,
        "title": spec.title if spec else _("TV"),
        "screen": screen(channel),
        "is_wall": bool(choice(request, "wall", ("1",))),
        "wall_url": _address(channel, wall="1"),
        "channel_url": _address(channel),
        "channels": _channels(channel),
        "queue": [_plan_row(plan) for plan in shows.waiting(channel)],
        "form": _form(spec, request.GET.getlist("agent")) if spec else None,
        "most": shows.PER_PERSON,
        "remarkable": remarkable_today(most=_LISTED),
    }
    return render(request, "tv/tv.html", context)


def screen(channel: str = "") -> Row:
    """Return what tv/_screen.html prints: a stream to watch, or the best replay of today, and why."""
    is_on = shows.is_on()
    best = best_of_today()
    return {
        "stream_url": _address(channel, name="tv-stream") if is_on else "",
        "replay": player(best.match, 0) if best else None,
        "caption": _caption(best),
        "match_url": reverse("match", args=[best.match.pk]) if best else "",
    }


def _caption(best: Remarkable | None) -> str:
    if best is None:
        return ""
    return _("Nothing is played live right now. From the archive: %(what)s.") % {"what": best.text}


def _channel(arena: str) -> str:
    """Return a channel that exists.

    Raises:
        RefusedError: `tv.not_here`.
    """
    if not arena:
        return ""
    if arena[:_ARENA_CHARACTERS] not in registry.names() or not is_watchable(registry.get(arena)):
        raise RefusedError("tv.not_here", arena=arena, field="arena")
    return arena


def _address(channel: str, *, name: str = "tv", **query: str) -> str:
    known = ({"arena": channel} if channel else {}) | query
    return reverse(name) + (f"?{urlencode(known)}" if known else "")


def _channels(current: str) -> list[Row]:
    arenas = list(dict.fromkeys(each.arena for each in open_shows()))
    if current and current not in arenas:
        arenas.append(current)
    rows = [{"url": _address(""), "label": _("All arenas"), "is_current": not current}]
    return rows + [
        {"url": _address(arena), "label": arena_title(arena), "is_current": arena == current}
        for arena in arenas
    ]


def _form(spec: ArenaSpec, wanted: list[str]) -> Row:
    """Return the choice of a line-up: a list for each member, other agents chosen in each."""
    found = candidates(spec)
    places = []
    for place in range(spec.lineup):
        fallback = found[min(place, len(found) - 1)].key if found else ""
        chosen = wanted[place] if place < len(wanted) else fallback
        options = [
            {"key": each.key, "text": f"{each.name} ({each.note})", "is_chosen": each.key == chosen}
            for each in found
        ]
        label = _("Agent") if spec.lineup == 1 else _("Agent %(number)d") % {"number": place + 1}
        places.append({"id": f"agent-{place}", "label": label, "options": options})
    return {"arena": spec.id, "places": places}


def _plan_row(plan: Plan) -> Row:
    return {"line_up": line_up(plan.names), "arena": arena_title(plan.arena), "by": plan.by}


def line_up(names: tuple[str, ...]) -> str:
    """Return who meets in words: `A against B`; one of a kind alone."""
    return _(" against ").join(dict.fromkeys(names))


@login_required
@require_POST
def queue(request: HttpRequest) -> HttpResponse:
    """Ask for a match to watch."""
    user = cast(User, request.user)
    arena = request.POST.get("arena", "")
    before = shows.ask(arena=arena, agents=request.POST.getlist("agent"), by=user.username, asked_by=user.pk)
    if before:
        text = ngettext(
            "Queued: %(count)d match is played before it.",
            "Queued: %(count)d matches are played before it.",
            before,
        ) % {"count": before}
    else:
        text = _("Queued: it is played next, while somebody watches.")
    messages.success(request, text)
    return redirect(_address(arena))


@require_safe
async def stream(request: HttpRequest) -> HttpResponseBase:
    """Send what a channel shows, as it happens, to whoever asks."""
    check_origin(request)
    channel = _channel(request.GET.get("arena", ""))
    caller = caller_of(request)
    gate.check(caller)

    language = get_language()

    async def events() -> AsyncIterator[bytes]:
        with gate.entered(caller):
            await let_go()
            yield b": open\n\n"
            async with aclosing(channel_of(channel).watch()) as watched:
                async for heard in watched:
                    yield as_event(heard, language)

    return keep_open(StreamingHttpResponse(events(), content_type="text/event-stream"))


def as_event(heard: Heard, language: str | None = None) -> bytes:
    """Return what a viewer hears as an event of the stream."""
    if isinstance(heard, bytes):
        word = in_language(heard, language)
    else:
        with translation.override(language):
            word = json.dumps(_told(heard)).encode()
    # One line each: whatever a table says cannot become an event of its own making.
    line = word.replace(b"\n", b" ").replace(b"\r", b" ")
    return b"data: " + line + b"\n\n" if line else b": still here\n\n"


def _told(heard: Show | Off | Next) -> Row:
    if isinstance(heard, Show):
        plan = heard.plan
        return {
            "kind": "begin",
            "table": heard.table,
            "line_up": line_up(plan.names),
            "arena": arena_title(plan.arena),
            "board": BOARDS.get(plan.arena.rpartition("-v")[0], ""),
            "url": reverse("competition", args=[plan.competition])
            if plan.competition
            else reverse("arena", args=[plan.arena]),
            "by": plan.by,
            "seats": [
                {"name": name, "url": reverse("agent", args=[agent]) if agent else ""}
                for name, agent in zip(heard.names, heard.agents, strict=True)
            ],
        }
    if isinstance(heard, Next):
        plan_row = _plan_row(heard.plan) if heard.plan else {"line_up": "", "arena": ""}
        return {"kind": "next", "seconds": heard.seconds, **plan_row}
    return {"kind": "off"}
