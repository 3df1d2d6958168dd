"""Where hosting begins: my competitions, those in writing, a new one by wizard or from a file."""

from collections.abc import Sequence
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from coliseum.accounts.models import User
from coliseum.competitions.plans import plans_of
from coliseum.competitions.queries import competitions_of
from coliseum.pages.forms import FileForm
from coliseum.pages.methods import require_safe
from coliseum.pages.retelling import problem_row
from coliseum.pages.rows import competition_card, moment
from coliseum.pages.wording import ago
from workers.hosting.problems import Problem
from workers.refusals import RefusedError

_MOST = 100


@login_required
@require_safe
def host(request: HttpRequest) -> HttpResponse:
    """Show the competitions a person runs, and the ways to a new one."""
    return host_page(request)


def host_page(
    request: HttpRequest,
    *,
    file_form: FileForm | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    """Return the page of a person's competitions, with what was refused of a file.

    Raises:
        RefusedError: `auth.not_allowed` for who has none and may make none.
    """
    user = cast(User, request.user)
    mine = list(competitions_of(user)[:_MOST])
    may_create = user.may_host or user.is_staff
    if not may_create and not mine:
        raise RefusedError("auth.not_allowed", action="open competitions: ask an administrator")
    plans = plans_of(user) if may_create else []
    context = {
        "section": "host",
        "competitions": [
            competition_card(each, set()) | {"url": reverse("host-console", args=[each.slug])}
            for each in mine
        ],
        "plans": [
            {
                "title": str(plan),
                "url": reverse("wizard-review", args=[plan.pk]),
                "when": ago(plan.changed_at),
                "when_at": moment(plan.changed_at),
            }
            for plan in plans
        ],
        "may_create": may_create,
        "file_form": file_form or FileForm(),
        "problems": [problem_row(each) for each in problems],
    }
    return render(request, "hosting/host.html", context, status=status)
