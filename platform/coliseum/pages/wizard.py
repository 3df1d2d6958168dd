"""A competition written in five steps; what exists already is changed by the same steps."""

from typing import Any, cast

import msgspec
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.files import FIXED
from coliseum.competitions.models import Competition, Plan
from coliseum.competitions.plans import discard_plan, known_plan, plan_for, save_plan
from coliseum.competitions.queries import acts_of, competition_for, has_started, is_slug_taken
from coliseum.ids import new_id
from coliseum.league import opening
from coliseum.pages.competitions import frame
from coliseum.pages.hosting import hosted
from coliseum.pages.left_out import tell_left_out
from coliseum.pages.methods import require_form, require_POST
from coliseum.pages.parameters import known_id, known_slug
from coliseum.pages.retelling import problem_row
from coliseum.pages.rows import Row
from coliseum.pages.wizard_forms import TEXTS, StepForm, Tables, field_of, zone_names
from coliseum.pages.wizard_words import LABELS, STEPS
from coliseum.pages.wording import ago
from workers.hosting.file import CompetitionFile
from workers.hosting.problems import Problem
from workers.hosting.reading import find_all
from workers.refusals import RefusedError

LAST = len(STEPS)
_NEVER = ("competition.slug", "competition.arena")
"""Keys that stay as they are from the moment a competition is made."""


def check_may_host(user: User) -> None:
    """Refuse who may not open competitions.

    Raises:
        RefusedError: `auth.not_allowed`.
    """
    if not (user.may_host or user.is_staff):
        raise RefusedError("auth.not_allowed", action="open competitions: ask an administrator")


@login_required
@require_form
def begin(request: HttpRequest) -> HttpResponse:
    """Show the first step of a new competition, empty or as a copy of another one, or keep it."""
    user = cast(User, request.user)
    check_may_host(user)
    asked = request.POST if request.method == "POST" else request.GET
    source = asked.get("from", "")
    tables = _copied(competition_for(known_slug(source), user), user) if source else {}
    if arena := request.GET.get("arena", ""):
        tables = {"competition": {"arena": arena}} | tables
    plan_id = known_id("plan", request.POST.get("plan", "")) if request.method == "POST" else new_id()
    if request.method != "POST":
        return _page(request, StepForm(1, tables), None, plan_id=plan_id, source=source)
    known = known_plan(plan_id, user)
    return _save(request, known, plan_id, known.tables if known else tables, 1)


@login_required
@require_form
def step(request: HttpRequest, plan_id: str, number: int) -> HttpResponse:
    """Show a step of a competition in writing, or keep it and go on."""
    user = cast(User, request.user)
    check_may_host(user)
    plan = plan_for(known_id("plan", plan_id), user)
    if number not in STEPS:
        raise RefusedError("not_found", kind="step", id=str(number))
    if plan.competition:
        return _was_made(request, plan)
    if request.method != "POST":
        return _page(request, StepForm(number, plan.tables), plan, plan_id=plan.pk)
    return _save(request, plan, plan.pk, plan.tables, number)


def _save(request: HttpRequest, plan: Plan | None, plan_id: str, tables: Tables, number: int) -> HttpResponse:
    """Keep a step that has nothing wrong with it; else show it again with what was written."""
    if plan is not None and plan.competition:
        return _was_made(request, plan)
    form = StepForm(number, tables, request.POST)
    said = form.said()
    wrong = form.show_problems(find_all(said, now=clock.now()))
    slug = str(said.get("competition", {}).get("slug", ""))
    if number == 1 and not wrong and is_slug_taken(slug):
        wanted = _("another one: this address is taken")
        form.refuse(RefusedError("competition.bad_setting", name=_("slug"), wanted=wanted, field="slug"))
        wrong += 1
    if wrong:
        return _page(request, form, plan, plan_id=plan_id, source=request.POST.get("from", ""), status=400)
    saved = save_plan(plan_id=plan_id, host=cast(User, request.user), tables=said, step=number)
    if saved.competition:
        return _was_made(request, saved)
    _tell_texts(request, said, number)
    if request.POST.get("go") == "leave":
        messages.success(request, _("Saved. You find it under Host, in writing."))
        return redirect("host")
    if "more" in request.POST:
        return redirect(f"{reverse('wizard-step', args=[plan_id, number])}#more")
    return redirect(_after(number, plan_id))


def _tell_texts(request: HttpRequest, tables: Tables, number: int) -> None:
    """Say what of the texts is not shown as it was written; they stand in the last step."""
    if number == LAST:
        about = tables.get("competition", {})
        named = {name: str(LABELS[f"competition.{name}"]) for name in TEXTS}
        tell_left_out(request, {label: str(about.get(name) or "") for name, label in named.items()})


def _after(number: int, plan_id: str) -> str:
    if number == LAST:
        return reverse("wizard-review", args=[plan_id])
    return reverse("wizard-step", args=[plan_id, number + 1])


def _was_made(request: HttpRequest, plan: Plan) -> HttpResponse:
    made = cast(Competition, plan.competition)
    messages.info(request, _("%(title)s was made already; here it is.") % {"title": made.title})
    return redirect("host-console", slug=made.slug)


def _copied(competition: Competition, user: User) -> Tables:
    tables: Tables = msgspec.to_builtins(opening.copy_of(competition, user))
    tables["competition"] |= {"slug": "", "title": ""}
    return tables


def _page(
    request: HttpRequest,
    form: StepForm,
    plan: Plan | None,
    *,
    plan_id: str,
    source: str = "",
    status: int = 200,
) -> HttpResponse:
    context = step_context(form) | {
        "section": "host",
        "plan": plan,
        "plan_id": plan_id,
        "source": source,
        "action": reverse("wizard-step", args=[plan_id, form.step]) if plan else reverse("wizard"),
        "steps": step_rows(form.step, plan),
        "back": reverse("wizard-step", args=[plan_id, form.step - 1]) if form.step > 1 else reverse("host"),
    }
    return render(request, "hosting/wizard.html", context, status=status)


def step_context(form: StepForm) -> Row:
    """Return what the template prints of a step: its groups with their fields."""
    groups = [
        {
            "title": group.title,
            "help": group.help,
            "fields": [form[name] for name in group.names],
            "more": [form[name] for name in group.more],
            "is_open": any(form[name].errors for name in group.more),
            "is_folded": group.is_folded and not any(form[name].errors for name in group.names + group.more),
        }
        for group in form.groups
    ]
    return {
        "form": form,
        "number": form.step,
        "last": LAST,
        "title": STEPS[form.step],
        "groups": groups,
        "zones": zone_names() if form.step == 2 else [],
        "zone": form.zone or "UTC",
        "has_times": form.step != 1,
        "has_tournaments": "tournaments" in form.fields,
    }


def step_rows(current: int, plan: Plan | None) -> list[Row]:
    """Return the steps of a plan for the line above the form, those that were saved marked."""
    return [
        {
            "number": number,
            "title": title,
            "url": reverse("wizard-step", args=[plan.pk, number]) if plan else "",
            "is_current": number == current,
            "is_saved": bool(plan and number in plan.steps),
        }
        for number, title in STEPS.items()
    ]


@login_required
@require_POST
def discard(request: HttpRequest, plan_id: str) -> HttpResponse:
    """Forget a competition in writing; wants a word typed."""
    user = cast(User, request.user)
    check_may_host(user)
    plan = plan_for(known_id("plan", plan_id), user)
    if request.POST.get("confirm", "").strip() != "discard":
        raise RefusedError("request.bad_field", name="confirm", wanted="discard", field="confirm")
    discard_plan(plan=plan)
    messages.success(request, _("Discarded."))
    return redirect("host")


@login_required
@require_form
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a step of a competition that exists, or change it."""
    wanted = hosted(request, slug)
    if number not in STEPS:
        raise RefusedError("not_found", kind="step", id=str(number))
    seen = opening.file_of(wanted)
    tables: Tables = msgspec.to_builtins(seen)
    fixed = (*_NEVER, *FIXED) if has_started(wanted) else _NEVER
    if request.method != "POST":
        return _edit_page(request, wanted, StepForm(number, tables, fixed=fixed, is_made=True))
    form = StepForm(number, tables, request.POST, fixed=fixed, is_made=True)
    said = form.said()
    if form.clashes:
        return _clash_page(request, wanted, form)
    problems = find_all(said)
    form.show_problems(problems)
    if problems:
        return _edit_page(request, wanted, form, _elsewhere(form, problems), status=400)
    try:
        changed = opening.change_from_file(
            competition=wanted,
            actor=cast(User, request.user),
            file=msgspec.convert(said, CompetitionFile),
            seen=seen,
        )
    except RefusedError as error:
        form.refuse(error)
        return _edit_page(request, hosted(request, slug), form, status=error.status)
    messages.success(request, _saved_text(changed))
    _tell_texts(request, said, number)
    if "more" in request.POST:
        return redirect(f"{reverse('host-edit', args=[slug, number])}#more")
    if number == LAST or request.POST.get("go") == "leave":
        return redirect("host-console", slug=slug)
    return redirect("host-edit", slug=slug, number=number + 1)


def _clash_page(request: HttpRequest, competition: Competition, form: StepForm) -> HttpResponse:
    """Show what somebody else changed in the same fields; saving again keeps what is written here."""
    names = ", ".join(str(form.fields[name].label) for name in form.clashes)
    error = RefusedError("competition.changed_meanwhile", names=names)
    act = next((each for each in acts_of(competition)[:20] if each.verb == "changed" and each.actor), None)
    by = {"by": act.actor.username, "when": ago(act.at)} if act and act.actor else {}
    theirs = [
        {"title": form.fields[name].label, "text": "\n".join(now) if isinstance(now, list) else str(now)}
        for name, now in form.clashes.items()
    ]
    clash = {"error": error, "theirs": theirs} | by
    return _edit_page(request, competition, form, clash=clash, status=error.status)


def _saved_text(changed: tuple[str, ...]) -> str:
    if not changed:
        return _("Nothing was changed.")
    if "competition.rules" in changed or any(key.startswith("reveal.") for key in changed):
        return _("Saved. Whoever has accepted the rules accepts them again before the next submission.")
    return _("Saved.")


def _elsewhere(form: StepForm, problems: list[Problem]) -> list[Row]:
    """Return what is wrong with other steps: an arena that is gone, a baseline that has another name."""
    return [problem_row(each) for each in problems if field_of(each) not in form.fields]


def _edit_page(
    request: HttpRequest,
    competition: Competition,
    form: StepForm,
    problems: list[Row] | None = None,
    *,
    clash: Row | None = None,
    status: int = 200,
) -> HttpResponse:
    steps = [
        {
            "number": number,
            "title": title,
            "url": reverse("host-edit", args=[competition.slug, number]),
            "is_current": number == form.step,
            "is_saved": True,
        }
        for number, title in STEPS.items()
    ]
    context: dict[str, Any] = frame(request, competition, "host-console") | step_context(
        form
    )  # Any: a context
    context |= {
        "steps": steps,
        "problems": problems or [],
        "clash": clash,
        "action": reverse("host-edit", args=[competition.slug, form.step]),
        "back": reverse("host-console", args=[competition.slug]),
        "is_started": has_started(competition),
    }
    return render(request, "hosting/wizard.html", context, status=status)
