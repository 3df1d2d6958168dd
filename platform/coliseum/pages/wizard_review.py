"""The end of the wizard: what was said, the file that it makes, and the competition of it."""

from typing import Any, cast

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Plan
from coliseum.competitions.plans import plan_for
from coliseum.competitions.services import move_competition
from coliseum.league.opening import open_from_file
from coliseum.pages.methods import require_form, require_safe
from coliseum.pages.parameters import known_id
from coliseum.pages.retelling import alert_of, problem_row
from coliseum.pages.rows import Row
from coliseum.pages.wizard import check_may_host, step_rows
from coliseum.pages.wizard_forms import StepForm, field_of
from coliseum.pages.wizard_words import CHOICES, STEPS
from workers.hosting.file import CompetitionFile
from workers.hosting.problems import BadFileError, Problem
from workers.hosting.reading import find_all, read_values
from workers.hosting.writing import write_toml
from workers.refusals import RefusedError

_SHORT = 300
_ZERO = {"league.episodes": gettext_lazy("As a trial of the baselines advises"), "tournament.size": ""}
"""What 0 stands for, where it is not a number of things."""
KIND = "application/toml; charset=utf-8"


@login_required
@require_form
def review(request: HttpRequest, plan_id: str) -> HttpResponse:
    """Show all that was said and the file it makes; make a draft of it, or open it at once."""
    user = cast(User, request.user)
    check_may_host(user)
    plan = plan_for(known_id("plan", plan_id), user)
    if plan.competition:
        messages.info(
            request, _("%(title)s was made already; here it is.") % {"title": plan.competition.title}
        )
        return redirect("host-console", slug=plan.competition.slug)
    if request.method != "POST":
        return _page(request, plan)
    act = request.POST.get("act", "draft")
    if act not in {"draft", "open"}:
        raise RefusedError("request.bad_field", name="act", wanted="draft or open", field="act")
    try:
        made = open_from_file(host=user, file=read_values(plan.tables, now=clock.now()), plan=plan)
        if act == "open" and made.state == "draft":
            move_competition(competition=made, to="open", actor=user)
    except BadFileError as error:
        return _page(request, plan, status=error.status)
    except RefusedError as error:
        return _page(request, plan, error=error, status=error.status)
    if made.state == "draft":
        messages.success(request, _("%(title)s is a draft that only its hosts see.") % {"title": made.title})
    else:
        messages.success(request, _("%(title)s is open.") % {"title": made.title})
    return redirect("host-console", slug=made.slug)


@login_required
@require_safe
def download(request: HttpRequest, plan_id: str) -> HttpResponse:
    """Send the file that a competition in writing makes.

    Raises:
        RefusedError: `hosting.bad_file` while there is something wrong with it.
    """
    user = cast(User, request.user)
    check_may_host(user)
    plan = plan_for(known_id("plan", plan_id), user)
    text = write_toml(read_values(plan.tables))
    name = {"Content-Disposition": 'attachment; filename="competition.toml"'}
    return HttpResponse(text, content_type=KIND, headers=name)


def _page(
    request: HttpRequest, plan: Plan, *, error: RefusedError | None = None, status: int = 200
) -> HttpResponse:
    problems = find_all(plan.tables, now=clock.now())
    text = "" if problems else write_toml(msgspec.convert(plan.tables, CompetitionFile))
    forms = [StepForm(number, plan.tables) for number in STEPS]
    context = {
        "section": "host",
        "plan": plan,
        "error": alert_of(error),
        "problems": [_problem_row(each, forms, plan) for each in problems],
        "summary": [_summary(form, plan) for form in forms],
        "text": text,
        "steps": step_rows(0, plan),
        "discard": {
            "key": "discard",
            "button": _("Discard it"),
            "title": _("Discard what you wrote?"),
            "text": _("Nothing of it is kept."),
            "action": reverse("wizard-discard", args=[plan.pk]),
            "slug": "discard",
            "submit_label": _("Discard"),
        },
    }
    return render(request, "hosting/wizard_review.html", context, status=status)


def _problem_row(problem: Problem, forms: list[StepForm], plan: Plan) -> Row:
    name = field_of(problem)
    number = next((form.step for form in forms if name in form.fields), 1)
    return problem_row(problem) | {
        "url": f"{reverse('wizard-step', args=[plan.pk, number])}#id_{name}",
        "step": number,
    }


def _summary(form: StepForm, plan: Plan) -> Row:
    """Return what was said in a step, field by field; what is empty is left out."""
    facts = []
    for group in form.groups:
        if group.is_folded:
            continue
        for name in [*group.names, *group.more]:
            if name.endswith("-remove") or (name.startswith("final-") and plan.tables.get("final") is None):
                continue
            text = _shown(form, name)
            if text:
                field = form.fields[name]
                is_code = name.endswith("-slug") or isinstance(field.initial, list)
                facts.append({"label": field.label, "value": text, "url": "", "is_code": is_code})
    return {
        "title": STEPS[form.step],
        "url": reverse("wizard-step", args=[plan.pk, form.step]),
        "facts": facts,
    }


def _shown(form: StepForm, name: str) -> str:
    """Return the value of a field in words."""
    value: Any = form.fields[name].initial  # Any: what fields have
    key = f"{name.split('-')[0]}.{name.rpartition('-')[2]}"
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, list):
        return ", ".join(value) or _("none")
    if str(value) == "0" and key in _ZERO:
        return str(_ZERO[key])
    if value and (name.endswith("_at") or name.endswith("_until")):
        return f"{value.replace('T', ' ')} {form.zone or 'UTC'}"
    text = str(CHOICES.get(key, {}).get(value, value))
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
