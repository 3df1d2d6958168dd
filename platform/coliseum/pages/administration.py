"""Pages of the administrator: workers, queue, failed matches, competitions, people."""

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.accounts.queries import people, person
from coliseum.accounts.services import allow_hosting, create_sign_in_link
from coliseum.competitions.queries import competitions_of
from coliseum.league.conductor import run_again
from coliseum.matches.models import Match, Worker
from coliseum.matches.queries import failed_match, failed_matches, state_counts, workers
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.parameters import known_id, search_text
from coliseum.pages.rows import Row, competition_card, match_rows
from coliseum.pages.wording import ago
from workers.refusals import RefusedError
from workers.spec import Isolation

ALIVE = timedelta(seconds=20)


def administrator(request: HttpRequest) -> User:
    """Return the person if she administers the site.

    Raises:
        RefusedError: `not_found` for everybody else: they need not know that there is such a page.
    """
    user = cast(User, request.user)
    if not user.is_staff:
        raise RefusedError("not_found")
    return user


@login_required
@require_safe
def administration(request: HttpRequest) -> HttpResponse:
    """Show how the site is, and what waits for a decision."""
    return _page(request, administrator(request))


def _page(request: HttpRequest, user: User, link: Row | None = None) -> HttpResponse:
    search = search_text(request)
    failed = list(failed_matches()[:50])
    context = {
        "workers": [_worker_row(worker) for worker in workers()[:100]],
        "counts": [
            {"label": f"matches {state}", "value": f"{count:,}"}
            for state, count in sorted(state_counts().items())
        ],
        "failed": [_failed_row(match, row) for match, row in zip(failed, match_rows(failed), strict=True)],
        "competitions": [
            competition_card(each, set()) | {"url": reverse("host-console", args=[each.slug])}
            for each in competitions_of(user)[:50]
        ],
        "people": [_person_row(each) for each in people(search)[:50]],
        "search": search,
        "link": link,
    }
    response = render(request, "administration/administration.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _worker_row(worker: Worker) -> Row:
    is_alive = worker.seen_at > clock.now() - ALIVE
    if worker.problem:
        word, label = "failed", "refuses to play"
    else:
        word, label = ("ready", "playing") if is_alive else ("retired", "gone")
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
    return Isolation(number).label if number in set(Isolation) else "unknown"


def _probe(check: dict[str, object]) -> Row:
    is_ok = bool(check.get("ok", check.get("held", False)))
    return {
        "name": str(check.get("name", "")),
        "word": "done" if is_ok else "failed",
        "label": "holds" if is_ok else "does not hold",
        "text": str(check.get("message", check.get("detail", ""))),
    }


def _failed_row(match: Match, row: Row) -> Row:
    return row | {"error": match.error, "again_url": reverse("match-again", args=[match.pk])}


def _person_row(user: User) -> Row:
    return {
        "name": user.username,
        "is_staff": user.is_staff,
        "may_host": user.may_host,
        "is_active": user.is_active,
        "joined": f"{user.date_joined:%Y-%m-%d}",
        "seen": ago(user.last_login) or "never",
    }


@login_required
@require_POST
def again(request: HttpRequest, match_id: str) -> HttpResponse:
    """Queue a match again that failed by our fault."""
    administrator(request)
    run_again(failed_match(known_id("failed match", match_id)))
    messages.success(request, "The match is in the queue again.")
    return redirect("administration")


@login_required
@require_POST
def hosting(request: HttpRequest) -> HttpResponse:
    """Let a person open competitions, or no longer."""
    administrator(request)
    wanted = person(_name(request))
    allow_hosting(user=wanted, may_host=request.POST.get("may_host") == "yes")
    answer = "may open competitions now" if wanted.may_host else "may no longer open competitions"
    messages.success(request, f"{wanted.username} {answer}.")
    return redirect("administration")


@login_required
@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """Make a link that signs a person in once, and show it this once."""
    user = administrator(request)
    wanted = person(_name(request))
    return _page(request, user, {"name": wanted.username, "url": create_sign_in_link(user=wanted)})


def _name(request: HttpRequest) -> str:
    """Return the posted name of a person.

    Raises:
        RefusedError: `not_found` for a text that is nobody's name.
    """
    name = request.POST.get("person", "")
    if not name or len(name) > 150 or "\0" in name:
        raise RefusedError("not_found", kind="person", id=name)
    return name
