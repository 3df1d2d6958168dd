"""A host's own agents: in the field, in the background, or held out; and what the held-out ones tell."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.league.models import PanelCheck
from coliseum.league.panel import start_check
from coliseum.league.queries import latest_check
from coliseum.pages.host_frame import console_frame
from coliseum.pages.hosting import hosted
from coliseum.pages.methods import require_form
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row, agent_url
from coliseum.pages.wording import ago, counted
from coliseum.submissions.queries import agents_by_id, own_agents
from coliseum.submissions.roles import CHOICES, set_role
from workers.refusals import RefusedError

_MEANINGS = {
    "main": gettext_lazy("plays and takes a place"),
    "background": gettext_lazy("is met by all, takes no place"),
    "holdout": gettext_lazy("secret; meets the first of the board only in a check"),
}


@login_required
@require_form
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the host's own agents and the last check; change a role or ask for a check."""
    wanted = hosted(request, slug)
    user = cast(User, request.user)
    if request.method != "POST":
        return _page(request, wanted, user)
    try:
        said = _act(request, wanted, user)
    except RefusedError as error:
        return _page(request, wanted, user, error)
    messages.success(request, said)
    return redirect("host-panel", slug=wanted.slug)


def _act(request: HttpRequest, competition: Competition, user: User) -> str:
    if request.POST.get("act") == "check":
        start_check(competition=competition)
        return _("The check is under way; its matches take what the league leaves.")
    chosen = request.POST.get("submission", "")[:40]
    found = own_agents(competition, user).filter(pk=chosen).first()
    if found is None:
        raise RefusedError("role.not_yours")
    made = set_role(submission=found, role=request.POST.get("role", ""), actor=user)
    return _("%(agent)s is %(role)s now.") % {"agent": made, "role": made.get_role_display()}


def _page(
    request: HttpRequest, competition: Competition, user: User, error: RefusedError | None = None
) -> HttpResponse:
    check = latest_check(competition)
    context = console_frame(request, competition, "host-panel") | {
        "error": alert_of(error),
        "agents": [
            {
                "id": each.pk,
                "name": str(each),
                "role": each.get_role_display(),
                "roles": [
                    {
                        "value": role.value,
                        "text": f"{role.label}: {_MEANINGS[role]}",
                        "is_now": role == each.role,
                    }
                    for role in CHOICES
                ],
                "is_choosable": each.role in CHOICES,
            }
            for each in own_agents(competition, user)[:100]
        ],
        "check": _check_row(check) if check else None,
    }
    return render(request, "hosting/panel.html", context, status=error.status if error else 200)


def _check_row(check: PanelCheck) -> Row:
    known = agents_by_id([str(row["submission"]) for row in check.rows])
    return {
        "when": ago(check.started_at),
        "is_open": check.finished_at is None,
        "rows": [
            {
                "agent": str(known[row["submission"]]),
                "url": agent_url(known[row["submission"]]),
                "gap": f"{row['gap']:+.0f}",
                "interval": _("%(low)+.0f to %(high)+.0f") % row,
                "episodes": counted(row["episodes"]),
                "is_sure": row["low"] > 0,
            }
            for row in check.rows
            if row["submission"] in known
        ],
    }
