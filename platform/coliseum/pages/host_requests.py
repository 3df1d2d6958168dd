"""Who asks to join, for the host to answer; and the invitation link."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.competitions.eligibility import answered_requests, lists_of, waiting_requests
from coliseum.competitions.joining import answer_request, renew_invitation, request_in
from coliseum.competitions.models import Competition, Eligibility, JoinRequest
from coliseum.pages.competitions import frame
from coliseum.pages.hosting import hosted
from coliseum.pages.joining import who_line
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.paging import by_number
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row, moment
from coliseum.pages.wording import ago
from workers.refusals import RefusedError

_LATEST = 50


@login_required
@require_safe
def requests(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who waits for an answer, who got one, and the invitation link."""
    return _page(request, hosted(request, slug))


def _page(request: HttpRequest, competition: Competition, error: RefusedError | None = None) -> HttpResponse:
    waiting = waiting_requests(competition)
    rows, pagination = by_number(request, waiting, total=waiting.count())
    context = frame(request, competition, "host-console") | {
        "error": alert_of(error),
        "who": who_line(competition),
        "asks": competition.eligibility == Eligibility.APPROVAL,
        "waiting": [_row(asked) for asked in rows],
        "pagination": pagination,
        "answered": [_row(asked) for asked in answered_requests(competition)[:_LATEST]],
        "link": _link(competition),
    }
    return render(request, "hosting/requests.html", context, status=error.status if error else 200)


def _row(asked: JoinRequest) -> Row:
    return {
        "id": asked.pk,
        "name": asked.user.username,
        "note": asked.note,
        "when": ago(asked.asked_at),
        "when_at": moment(asked.asked_at),
        "state": asked.state,
        "reason": asked.reason,
        "answered_by": asked.answered_by.username if asked.answered_by else "",
    }


def _link(competition: Competition) -> str:
    if competition.eligibility != Eligibility.INVITED or not lists_of(competition)["link"]:
        return ""
    place = reverse("join", args=[competition.slug])
    return f"{settings.SITE_URL}{place}?invitation={competition.invite_secret}"


@login_required
@require_POST
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Let somebody in, or decline for a reason that the person reads."""
    wanted = hosted(request, slug)
    sent = request.POST.get("request", "")
    asked = request_in(wanted, int(sent) if sent.isdecimal() and len(sent) < 16 else 0)
    to = request.POST.get("to", "")
    try:
        if to not in {"approved", "declined"}:
            raise RefusedError("request.bad_field", name="to", wanted="approved or declined", field="to")
        answer_request(
            asked=asked,
            actor=cast(User, request.user),
            lets_in=to == "approved",
            reason=request.POST.get("reason", ""),
        )
    except RefusedError as error:
        return _page(request, wanted, error)
    text = _("%(name)s is in.") if asked.state == JoinRequest.State.APPROVED else _("%(name)s was declined.")
    messages.success(request, text % {"name": asked.user.username})
    return redirect("host-requests", slug=wanted.slug)


@login_required
@require_POST
def renew(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a new invitation link; the one before opens nothing any more."""
    wanted = hosted(request, slug)
    try:
        renew_invitation(competition=wanted, actor=cast(User, request.user))
    except RefusedError as error:
        return _page(request, wanted, error)
    messages.success(request, _("There is a new link; the one before opens nothing any more."))
    return redirect("host-requests", slug=wanted.slug)
