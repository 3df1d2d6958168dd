"""A host's page of what goes wrong with agents: by code, whom it hit, and one form to write to them."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.competitions.announcements import send_notice
from coliseum.competitions.models import Competition
from coliseum.matches.figures import Fault, faults_lately
from coliseum.pages.host_console import meaning_of
from coliseum.pages.host_forms import NoticeForm
from coliseum.pages.host_frame import console_frame, no_filters
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_form
from coliseum.pages.once import once
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row, agent_url, moment
from coliseum.pages.wording import ago, amount, counted, outcome_label
from coliseum.submissions.figures import Rejection, entries_rejected_for, rejections_of
from workers.refusals import OUTCOMES, RefusedError


@login_required
@once
@require_form
def failures(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what rejected submissions and what went wrong in matches; write to the owners hit by one code."""
    wanted = hosted(request, slug)
    if request.method != "POST":
        no_filters(request)
        return _page(request, wanted)
    code = request.POST.get("code", "")[:40]
    form = NoticeForm(request.POST, auto_id=f"{code}_%s")
    if not form.is_valid():
        return _page(request, wanted, code=code, form=form)
    try:
        sent = send_notice(
            competition=wanted,
            actor=cast(User, request.user),
            title=form.cleaned_data["title"],
            text=form.cleaned_data["text"],
            entries=entries_rejected_for(wanted, code),
            code=code,
        )
    except RefusedError as error:
        form.refuse(error)
        return _page(request, wanted, code=code, form=form, error=error)
    messages.success(
        request, _("Sent to %(teams)s.") % {"teams": amount(sent.entries.count(), "team", "teams")}
    )
    return redirect("host-failures", slug=wanted.slug)


def _page(
    request: HttpRequest,
    competition: Competition,
    *,
    code: str = "",
    form: NoticeForm | None = None,
    error: RefusedError | None = None,
) -> HttpResponse:
    rejected = rejections_of(competition)
    rows = [_rejection(each, form if each.code == code else None) for each in rejected]
    context = console_frame(request, competition, "host-failures") | {
        "error": alert_of(error) if code not in {each.code for each in rejected} else None,
        "rejections": rows,
        "faults": [_fault(each) for each in faults_lately(competition)],
    }
    status = error.status if error else 400 if form else 200
    return render(request, "hosting/failures.html", context, status=status)


def _rejection(each: Rejection, form: NoticeForm | None) -> Row:
    teams = amount(each.teams, "team", "teams")
    return {
        "code": each.code,
        "meaning": meaning_of(each.code),
        "count": amount(each.submissions, "submission", "submissions"),
        "teams": teams,
        "message": each.latest.message,
        "latest": str(each.latest),
        "latest_url": reverse("submission", args=[each.latest.pk]),
        "when": ago(each.latest.validated_at),
        "when_at": moment(each.latest.validated_at),
        "agents": [
            {"name": str(hit), "team": hit.entry.team.name, "url": reverse("submission", args=[hit.pk])}
            for hit in each.agents
        ],
        "more": max(0, each.teams - len(each.agents)),
        "form": form or NoticeForm(initial=_first_words(each.code), auto_id=f"{each.code}_%s"),
        "is_open": form is not None,
        "button": _("Write to %(teams)s") % {"teams": teams},
    }


def _first_words(code: str) -> dict[str, str]:
    """Return what a message about a code may start with; the host changes it."""
    known = OUTCOMES.get(code)
    help_lines = [_(known.meaning), _(known.hint)] if known else []
    explained = "\n\n".join(
        [*filter(None, help_lines), _("What the code means: [all codes](/docs/errors/).")]
    )
    return {"title": _("About %(code)s") % {"code": code}, "text": explained}


def _fault(fault: Fault) -> Row:
    return {
        "word": fault.outcome,
        "label": outcome_label(fault.outcome),
        "meaning": meaning_of(fault.outcome),
        "count": amount(fault.seats, "time", "times"),
        "agents": [
            {"name": str(agent), "url": agent_url(agent), "count": counted(count)}
            for agent, count in fault.agents[:8]
        ],
        "more": max(0, len(fault.agents) - 8),
    }
