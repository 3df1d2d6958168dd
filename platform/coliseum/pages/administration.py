"""The administrator's first page: what is wrong now, workers, queue, matches that wait for a decision."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.accounts.stewards import note_deed
from coliseum.competitions.queries import competitions_of
from coliseum.league.conductor import run_again
from coliseum.league.incidents import change_incident, incident, incidents, post_incident
from coliseum.league.status import living_slots, queue_state
from coliseum.matches.models import Match, Worker
from coliseum.matches.queries import failed_match, failed_matches, stuck_matches, workers
from coliseum.matches.waiting import ALIVE_SECONDS, why_no_worker
from coliseum.pages.host_console import queue_rows
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.once import once
from coliseum.pages.paging import by_id
from coliseum.pages.parameters import known_id, known_only
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row, competition_card, match_rows
from coliseum.pages.status import incident_row
from coliseum.pages.wording import ago
from workers.refusals import RefusedError
from workers.spec import Isolation


def administrator(request: HttpRequest) -> User:
    """Return the person if she administers the site.

    Raises:
        RefusedError: `not_found` for everybody else: they need not know that there is such a page.
    """
    user = cast(User, request.user)
    if not user.is_staff:
        raise RefusedError("not_found")
    return user


def administration_page(
    request: HttpRequest, current: str, template: str, context: Row, status: int = 200
) -> HttpResponse:
    """Return a page of the administration with its tabs, which nobody keeps."""
    labels = {
        "administration": _("Now"),
        "administration-matches": _("Matches that failed"),
        "administration-people": _("People"),
        "administration-log": _("Log"),
    }
    tabs = [
        {"url": reverse(name), "label": label, "count": "", "is_current": name == current}
        for name, label in labels.items()
    ]
    whole = {"tabs": tabs, "tabs_label": _("Administration")} | context
    response = render(request, template, whole, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    """Show how the site is, and what waits for a decision."""
    known_only(request, ())
    return _page(request, administrator(request))


def _page(
    request: HttpRequest, user: User, error: RefusedError | None = None, kept: Row | None = None
) -> HttpResponse:
    known = list(workers()[:100])
    failed = list(failed_matches()[:5])
    stuck = list(stuck_matches()[:10])
    context = {
        "error": alert_of(error),
        "stuck": why_no_worker(known),
        "workers": [_worker_row(worker) for worker in known],
        "queue": queue_rows(queue_state(slots=living_slots())),
        "failed": _failed_rows(failed),
        "stuck_matches": [row | {"error": match.error} for match, row in _with_rows(stuck)],
        "incidents": [incident_row(each) for each in incidents().filter(ended_at=None)],
        "kept": kept or {},
        "competitions": [
            competition_card(each, set()) | {"url": reverse("host-console", args=[each.slug])}
            for each in competitions_of(user)[:9]
        ],
    }
    return administration_page(
        request,
        "administration",
        "administration/administration.html",
        context,
        error.status if error else 200,
    )


def _with_rows(found: list[Match]) -> list[tuple[Match, Row]]:
    return list(zip(found, match_rows(found), strict=True))


def _failed_rows(found: list[Match]) -> list[Row]:
    return [
        row | {"error": match.error, "again_url": reverse("match-again", args=[match.pk])}
        for match, row in _with_rows(found)
    ]


def _worker_row(worker: Worker) -> Row:
    is_alive = worker.seen_at > clock.now() - timedelta(seconds=ALIVE_SECONDS)
    if worker.problem:
        word, label = "failed", _("refuses to play")
    else:
        word, label = ("ready", _("playing")) if is_alive else ("retired", _("gone"))
    return {
        "name": worker.name,
        "word": word,
        "label": label,
        "problem": worker.problem,
        "seen": ago(worker.seen_at),
        "slots": worker.slots,
        "isolation": f"{worker.isolation}, {_level(worker.isolation)}",
        "speed": f"{worker.speed:.2f}",
        "probes": [_probe(check) for check in worker.checks if isinstance(check, dict)],
    }


def _level(number: int) -> str:
    return Isolation(number).label if number in set(Isolation) else _("unknown")


def _probe(check: dict[str, object]) -> Row:
    is_ok = bool(check.get("ok", check.get("held", False)))
    return {
        "name": str(check.get("name", "")),
        "word": "done" if is_ok else "failed",
        "label": _("holds") if is_ok else _("does not hold"),
        "text": str(check.get("message", check.get("detail", ""))),
    }


@login_required
@require_safe
def failed(request: HttpRequest) -> HttpResponse:
    """List the matches that our faults ended, newest first."""
    administrator(request)
    known_only(request, ("older", "newer"))
    found: QuerySet[Match] = failed_matches()
    rows, pagination = by_id(request, found)
    context = {"failed": _failed_rows(rows), "pagination": pagination}
    return administration_page(request, "administration-matches", "administration/matches.html", context)


@login_required
@require_POST
def again(request: HttpRequest, match_id: str) -> HttpResponse:
    """Queue a match again that failed by our fault."""
    user = administrator(request)
    match = failed_match(known_id("failed match", match_id))
    run_again(match)
    note_deed(actor=user, subject=match, text="queued again")
    messages.success(request, _("The match is in the queue again."))
    return redirect("administration")


@login_required
@once
@require_POST
def tell(request: HttpRequest) -> HttpResponse:
    """Post an incident, change what is said of one, or end it."""
    user = administrator(request)
    title, text = request.POST.get("title", ""), request.POST.get("text", "")
    acts: dict[str, Callable[[], object]] = {
        "post": lambda: post_incident(actor=user, title=title, text=text),
        "change": lambda: _changed(request, user, title, text, is_over=False),
        "end": lambda: _changed(request, user, title, text, is_over=True),
    }
    act = request.POST.get("act", "")
    try:
        if act not in acts:
            wanted = f"one of {', '.join(acts)}"
            raise RefusedError("request.bad_field", name="act", wanted=wanted, field="act")
        acts[act]()
    except RefusedError as error:
        return _page(request, user, error, {"title": title, "text": text} if act == "post" else None)
    messages.success(request, _("Every page says so within some seconds."))
    return redirect("administration")


def _changed(request: HttpRequest, user: User, title: str, text: str, *, is_over: bool) -> None:
    number = request.POST.get("incident", "")
    wanted = incident(int(number) if number.isdecimal() and len(number) < 19 else 0)
    change_incident(incident=wanted, actor=user, title=title, text=text, is_over=is_over)
