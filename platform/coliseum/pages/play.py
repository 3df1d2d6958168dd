"""Play it yourself: choose a seat and opponents, sit at a table, see how it ended."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from arenas import registry
from arenas.errors import UnknownArenaError
from arenas.spec import ArenaSpec
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import competition_for
from coliseum.live import tables, wire
from coliseum.live.opponents import chair_of, limits_of, opponents_in
from coliseum.pages.gate import keep_open, let_go
from coliseum.pages.methods import require_form, require_POST, require_safe
from coliseum.pages.parameters import known_slug
from coliseum.pages.rows import BOARDS, Row
from coliseum.pages.table_words import in_language, last_word
from workers.live.wire import MOST_SEATS, Chair, TableSpec
from workers.refusals import RefusedError, unknown_arena

COOKIE: Final = "table"
COOKIE_SECONDS: Final = 24 * 3600
STREAMS: Final = 4
"""Open streams of one table: tabs."""
ALL_STREAMS: Final = 200
_NAMED_OTHERS: Final = 4
_streams: Counter[str] = Counter()


@require_form
def play(request: HttpRequest, arena_id: str) -> HttpResponse:
    """Let a person choose seat and opponents, and open a table."""
    spec = _arena(arena_id)
    competition = _competition(request, spec)
    if request.method == "POST":
        return _open(request, spec, competition)
    reason = _(tables.why_not(spec.id)) or _too_many_seats(spec)
    seat = request.GET.get("seat", "0")
    wanted = request.GET.getlist("opponent")
    context = {
        "section": "arenas",
        "arena": spec,
        "competition": competition,
        "reason": reason,
        "others": _others(spec) if reason else [],
        "seats": [
            {"value": number, "label": _seat_label(spec, number), "is_chosen": str(number) == seat}
            for number in range(spec.seats)
        ],
        "choices": [] if reason else _choices(request, spec, competition, wanted),
        "is_real_time": spec.idle_action is not None,
        "action": _play_url(spec, competition),
        **_room(),
    }
    return render(request, "play/form.html", context)


def _arena(arena_id: str) -> ArenaSpec:
    try:
        return registry.get(arena_id)
    except UnknownArenaError as error:
        raise unknown_arena(arena_id, error.suggestions) from error


def _competition(request: HttpRequest, spec: ArenaSpec) -> Competition | None:
    slug = request.POST.get("competition") or request.GET.get("competition", "")
    found = competition_for(known_slug(slug), request.user) if slug else None
    if found is not None and found.arena != spec.id:
        raise RefusedError("not_found", kind="competition", id=slug)
    return found


def _too_many_seats(spec: ArenaSpec) -> str:
    return "" if spec.seats <= MOST_SEATS else _("It has %(seats)d seats.") % {"seats": spec.seats}


def _others(spec: ArenaSpec) -> list[Row]:
    known = [name for name in tables.playable() if name != spec.id]
    return [
        {"title": registry.get(name).title, "url": reverse("play", args=[name])}
        for name in known[:_NAMED_OTHERS]
        if name in registry.names()
    ]


def _seat_label(spec: ArenaSpec, seat: int) -> str:
    if role := spec.role_of(seat):
        return _("Seat %(number)d, %(role)s") % {"number": seat + 1, "role": role}
    moves_first = seat == 0 and spec.kind == "aec"
    named = _("Seat %(number)d, moves first") if moves_first else _("Seat %(number)d")
    return named % {"number": seat + 1}


def _choices(
    request: HttpRequest, spec: ArenaSpec, competition: Competition | None, wanted: list[str]
) -> list[Row]:
    """Return a list of opponents for each of the other seats; the best is chosen unless another is wanted."""
    found = opponents_in(spec, competition, request.user)
    rows = []
    for place in range(spec.seats - 1):
        chosen = wanted[min(place, len(wanted) - 1)] if wanted else ""
        label = _("Opponent") if spec.seats == 2 else _("Other seat %(number)d") % {"number": place + 1}
        options = [
            {"key": each.key, "text": f"{each.name} ({each.note})", "is_chosen": each.key == chosen}
            for each in found
        ]
        rows.append({"id": f"opponent-{place}", "label": label, "options": options})
    return rows


def _room() -> Row:
    try:
        count, waiting = tables.room()
    except RefusedError:
        count, waiting = 0, 0
    return {"is_open": count > 0, "waiting": waiting}


def _play_url(spec: ArenaSpec, competition: Competition | None, **query: object) -> str:
    known = {"competition": competition.slug} if competition else {}
    text = urlencode(known | query, doseq=True)
    return reverse("play", args=[spec.id]) + (f"?{text}" if text else "")


def _open(request: HttpRequest, spec: ArenaSpec, competition: Competition | None) -> HttpResponse:
    reason = _(tables.why_not(spec.id))
    if reason or spec.seats > MOST_SEATS:
        why = reason or f"It has {spec.seats} seats, and a table here has at most {MOST_SEATS}."
        raise RefusedError("play.not_here", why=why)
    seat = request.POST.get("seat", "0")
    if not seat.isascii() or not seat.isdigit() or len(seat) > 3 or int(seat) >= spec.seats:
        raise RefusedError(
            "request.bad_field", name="seat", wanted=f"a number from 0 to {spec.seats - 1}", field="seat"
        )
    chairs, changes = _chairs(request, spec, int(seat))
    owner = request.COOKIES.get(COOKIE, "")[:64] or tables.new_owner()
    keys = [_key(chair) for chair in chairs if _key(chair)]
    found = tables.open_table(
        arena=spec,
        seat=int(seat),
        chairs=chairs,
        limits=limits_of(spec, changes),
        owner=owner,
        place=request.META.get("REMOTE_ADDR", ""),
        back=_play_url(spec, competition, seat=seat, opponent=keys),
    )
    response = redirect("table", found.table)
    response.set_cookie(
        COOKIE,
        owner,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def _chairs(
    request: HttpRequest, spec: ArenaSpec, seat: int
) -> tuple[tuple[Chair, ...], list[dict[str, Any]]]:  # Any: limits as stored
    wanted = request.POST.getlist("opponent")
    if spec.seats > 1 and not wanted:
        raise RefusedError("play.unknown_agent", agent=_("(none)"), field="opponent")
    chairs, changes, place = [], [], 0
    for number in range(spec.seats):
        if number == seat:
            chairs.append(Chair(_("You")))
            continue
        chair, changed = chair_of(spec, wanted[min(place, len(wanted) - 1)], request.user)
        chairs.append(chair)
        changes.append(changed)
        place += 1
    return tuple(chairs), changes


def _key(chair: Chair) -> str:
    if chair.agent is not None:
        return chair.agent.submission
    return f"house:{chair.baseline}" if chair.baseline else ""


def _owner(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")[:64]


@require_safe
def table(request: HttpRequest, table_id: str) -> HttpResponse:
    """Show the table to the browser that opened it: the game while it goes on, then how it ended."""
    found = tables.table_for(table_id, _owner(request))
    spec = _arena(found.arena)
    last = tables.last_word(table_id)
    is_over = last.get("kind") == "over"
    context = {
        "section": "arenas",
        "arena": spec,
        "table": found.table,
        "seat": found.seat,
        "chairs": _chair_rows(found),
        "line_up": _line_up(found),
        "controls": [
            {
                "action": each.action,
                "label": _(each.label),
                "keys": " ".join(_key_names(each.keys)),
                "hint": _hint(each.keys[:1]),
            }
            for each in spec.controls
        ],
        "is_real_time": spec.idle_action is not None,
        "idle_action": spec.idle_action,
        "board": BOARDS.get(spec.name, ""),
        "ending": last_word(last) if is_over else None,
        "replay": _replay(found, spec) if is_over and last.get("replay") else None,
        "again": _again(found, spec),
        "change_url": found.back,
        "arena_url": reverse("arena", args=[spec.id]),
    }
    response = render(request, "play/table.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _chair_rows(found: TableSpec) -> list[Row]:
    return [
        {"seat": number, "name": chair.name, "is_you": number == found.seat}
        for number, chair in enumerate(found.chairs)
    ]


def _line_up(found: TableSpec) -> str:
    """Return who meets the person: `You against Random` or `You against Random (3)`."""
    others = Counter(chair.name for seat, chair in enumerate(found.chairs) if seat != found.seat)
    told = [f"{name} ({count})" if count > 1 else name for name, count in others.items()]
    return _("You against %(others)s") % {"others": ", ".join(told)} if told else _("You alone")


def _key_names(names: tuple[str, ...]) -> list[str]:
    """Return keys as a list that can be split at spaces: the space bar is called Space."""
    return ["Space" if name == " " else name for name in names]


def _hint(names: tuple[str, ...]) -> str:
    """Return what stands on the button: the first key."""
    arrows = {"ArrowLeft": "←", "ArrowRight": "→", "ArrowUp": "↑", "ArrowDown": "↓"}
    return "".join(arrows.get(name, name) for name in _key_names(names))


def _replay(found: TableSpec, spec: ArenaSpec) -> Row:
    url = reverse("table-replay", args=[found.table])
    return {
        "url": url,
        "board": BOARDS.get(spec.name, ""),
        "title": _line_up(found),
        "download_url": url,
        "seats": [{"seat": row["seat"], "name": row["name"], "url": ""} for row in _chair_rows(found)],
    }


def _again(found: TableSpec, spec: ArenaSpec) -> list[Row]:
    """Return the forms that open a table like this one: in the same seat, and in the next one."""
    keys = [_key(chair) for number, chair in enumerate(found.chairs) if number != found.seat]
    forms = [{"label": _("Play again"), "seat": found.seat, "opponents": keys}]
    if spec.seats > 1:
        forms.append({"label": _("Swap seats"), "seat": (found.seat + 1) % spec.seats, "opponents": keys})
    return [form | {"action": found.back.partition("?")[0] + _query(found)} for form in forms]


def _query(found: TableSpec) -> str:
    """Return the competition of the table's address, if it was opened from one."""
    fields = [part for part in found.back.partition("?")[2].split("&") if part.startswith("competition=")]
    return f"?{fields[0]}" if fields else ""


@require_safe
async def stream(request: HttpRequest, table_id: str) -> HttpResponseBase:
    """Send what the table says, as it happens."""
    await wire.check(table_id, _owner(request))
    if _streams[table_id] >= STREAMS or _streams.total() >= ALL_STREAMS:
        raise RefusedError("rate.limited", limit=STREAMS, retry_after=10)
    words = _events(table_id, get_language())
    return keep_open(StreamingHttpResponse(words, content_type="text/event-stream"))


async def _events(table_id: str, language: str | None) -> AsyncIterator[bytes]:
    _streams[table_id] += 1
    try:
        await let_go()
        yield b": open\n\n"
        async with aclosing(wire.words(table_id)) as words:
            async for word in words:
                # One line each: whatever a table says cannot become an event of its own making.
                line = in_language(word, language).replace(b"\n", b" ").replace(b"\r", b" ")
                yield b"data: " + line + b"\n\n" if line else b": still here\n\n"
    finally:
        _streams[table_id] -= 1
        if _streams[table_id] <= 0:
            del _streams[table_id]


@require_POST
async def act(request: HttpRequest, table_id: str) -> HttpResponseBase:
    """Take a press."""
    # A form's body was read already, to look for its token; it is no press anyway.
    body = request.body if request.content_type == "application/json" else b""
    try:
        await wire.press(table_id, _owner(request), body)
    except RefusedError as refusal:
        response = JsonResponse(refusal.as_problem(), status=refusal.status)
        for name, value in refusal.headers.items():
            response[name] = value
        return response
    return HttpResponse(status=204)


@require_POST
def leave(request: HttpRequest, table_id: str) -> HttpResponse:
    """Give the table up."""
    found = tables.table_for(table_id, _owner(request))
    tables.leave(found.table)
    return redirect(found.back)


@require_safe
def replay(request: HttpRequest, table_id: str) -> HttpResponse:
    """Send the drawn form of a table that is over, gzip-compressed, to the browser that played."""
    found = tables.table_for(table_id, _owner(request))
    response = HttpResponse(tables.replay_of(found.table), content_type="application/json")
    response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = "private, max-age=3600"
    return response
