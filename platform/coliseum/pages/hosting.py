"""Pages of a host: my competitions, a new one, and the console of one."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coliseum.accounts.models import User
from coliseum.competitions.calibrations import want_calibration
from coliseum.competitions.models import Competition, CompetitionState, Entry
from coliseum.competitions.queries import (
    acts_of,
    competition_for,
    competitions_of,
    entries_of,
    is_host,
)
from coliseum.competitions.services import (
    change_competition,
    create_competition,
    disqualify_entry,
    move_competition,
)
from coliseum.league.conductor import on_disqualified, on_uploaded
from coliseum.league.demo import enter_baselines
from coliseum.matches.queries import state_counts as match_counts
from coliseum.pages.calibrations import calibration_section
from coliseum.pages.competitions import act_rows, frame
from coliseum.pages.forms import CompetitionForm, DisqualifyForm, FileForm, TextForm
from coliseum.pages.methods import require_form, require_POST, require_safe
from coliseum.pages.parameters import known_slug
from coliseum.pages.rows import Row, arena_title, competition_card
from coliseum.pages.wording import amount
from coliseum.submissions.queries import failures_by_code, has_baselines, state_counts
from workers.hosting.problems import Problem
from workers.refusals import OUTCOMES, RefusedError


@login_required
@require_form
def host(request: HttpRequest) -> HttpResponse:
    """Show the competitions a person runs, and make a new one."""
    user = cast(User, request.user)
    form, status = CompetitionForm(), 200
    if request.method == "POST":
        if not (user.may_host or user.is_staff):
            raise RefusedError("auth.not_allowed", action="open competitions")
        form, status = CompetitionForm(request.POST), 400
        if form.is_valid():
            try:
                made = create_competition(host=user, **_settings(form.cleaned_data))
                messages.success(request, f"{made.title} is a draft. Open it when everything is right.")
                return redirect("host-console", slug=made.slug)
            except RefusedError as error:
                form.refuse(error)
                status = error.status
    return host_page(request, form=form, status=status)


def host_page(
    request: HttpRequest,
    *,
    form: CompetitionForm | None = None,
    file_form: FileForm | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    """Return the page of a person's competitions, with what was refused.

    Raises:
        RefusedError: `auth.not_allowed` for who has none and may make none.
    """
    user = cast(User, request.user)
    mine = competitions_of(user)
    may_create = user.may_host or user.is_staff
    if not may_create and not mine.exists():
        raise RefusedError("auth.not_allowed", action="open competitions: ask an administrator")
    context = {
        "competitions": [
            competition_card(each, set()) | {"url": reverse("host-console", args=[each.slug])}
            for each in mine[:100]
        ],
        "form": (form or CompetitionForm()) if may_create else None,
        "file_form": file_form or FileForm(),
        "problems": [each.as_row() for each in problems],
    }
    return render(request, "hosting/host.html", context, status=status)


def _settings(cleaned: dict[str, Any]) -> dict[str, Any]:  # Any: the fields of the form, by name
    """Return the form's values with its times, which are UTC."""
    return {
        name: value.replace(tzinfo=UTC) if name.endswith("_at") and value else value
        for name, value in cleaned.items()
        if not (name.endswith("_at") and value is None)
    }


def hosted(request: HttpRequest, slug: str) -> Competition:
    """Return a competition the person runs.

    Raises:
        RefusedError: `not_found` for everybody else.
    """
    user = cast(User, request.user)
    wanted = competition_for(known_slug(slug), user)
    if not is_host(wanted, user):
        raise RefusedError("not_found", kind="page of the host of", id=slug)
    return wanted


@login_required
@require_safe
def console(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a host how the competition goes and what can be done."""
    return console_page(request, hosted(request, slug))


def console_page(
    request: HttpRequest,
    wanted: Competition,
    error: RefusedError | None = None,
    form: TextForm | None = None,
) -> HttpResponse:
    """Return the console, with what was refused on top."""
    context = frame(request, wanted, "host-console") | {
        "error": error,
        "moves": _moves(wanted),
        "close": _close(wanted),
        "funnel": _funnel(wanted),
        "calibration": calibration_section(wanted),
        "form": form or TextForm(initial=_initial(wanted)),
        "lacks_baselines": wanted.state != CompetitionState.CLOSED and not has_baselines(wanted),
        "failures": [
            {"code": code, "meaning": _meaning(code), "count": count}
            for code, count in failures_by_code(wanted)
        ],
        "entries": [_entry_row(entry) for entry in entries_of(wanted)[:500]],
        "acts": act_rows(list(acts_of(wanted)[:20])),
        "arena_name": arena_title(wanted.arena),
    }
    status = error.status if error else 400 if form else 200
    return render(request, "hosting/console.html", context, status=status)


def _initial(competition: Competition) -> Row:
    """Return what the form of texts and limits shows at first."""
    return {name: getattr(competition, name) for name in TextForm.base_fields}


def _meaning(code: str) -> str:
    text = OUTCOMES.get(code)
    return text.meaning if text else ""


def _moves(competition: Competition) -> list[Row]:
    labels = {
        CompetitionState.DRAFT: [("open", "Open it", True)],
        CompetitionState.OPEN: [("paused", "Pause it", False)],
        CompetitionState.PAUSED: [("open", "Resume it", True)],
    }
    return [
        {"to": to, "label": label, "is_primary": is_primary}
        for to, label, is_primary in labels.get(CompetitionState(competition.state), [])
    ]


def _close(competition: Competition) -> Row | None:
    """Return what parts/_confirm.html takes to close a competition."""
    if competition.state not in {CompetitionState.OPEN, CompetitionState.PAUSED}:
        return None
    return {
        "key": "close",
        "button": "Close it for good",
        "title": f"Close {competition.title}?",
        "text": "No more submissions and no more league matches; the leaderboard and all replays stay.",
        "action": reverse("host-state", args=[competition.slug]),
        "slug": competition.slug,
        "submit_label": "Close the competition",
    }


def _funnel(competition: Competition) -> list[Row]:
    """Return how far the teams came: joined, submitted, passed; and the matches by state."""
    submissions, matches = state_counts(competition), match_counts(competition)
    numbers = [
        ("teams", getattr(competition, "entry_count", 0)),
        ("submissions", sum(submissions.values())),
        ("in validation", submissions.get("uploaded", 0) + submissions.get("validating", 0)),
        ("passed", submissions.get("ready", 0) + submissions.get("retired", 0)),
        ("rejected", submissions.get("rejected", 0)),
        ("matches played", matches.get("finished", 0)),
        ("matches waiting", matches.get("queued", 0) + matches.get("running", 0)),
        ("failed by us", matches.get("failed", 0)),
    ]
    return [{"label": label, "value": f"{value:,}"} for label, value in numbers]


def _entry_row(entry: Entry) -> Row:
    counted = cast(Any, entry)  # Any: the counts are annotated by entries_of
    return {
        "id": entry.pk,
        "team": entry.team.name,
        "joined": f"{entry.joined_at:%Y-%m-%d %H:%M}",
        "submissions": counted.submission_count,
        "ready": counted.ready_count,
        "rejected": counted.rejected_count,
        "is_house": entry.team.is_house,
        "reason": entry.disqualified_reason,
        "is_disqualified": entry.is_disqualified,
    }


@login_required
@require_POST
def change_state(request: HttpRequest, slug: str) -> HttpResponse:
    """Open, pause, resume or close; closing wants the competition's short name typed."""
    wanted = hosted(request, slug)
    to = request.POST.get("to", "") or CompetitionState.CLOSED.value
    try:
        if to not in {"open", "paused", "closed"}:
            raise RefusedError(
                "request.bad_field", name="to", wanted="one of open, paused, closed", field="to"
            )
        if to == "closed" and request.POST.get("confirm", "").strip() != wanted.slug:
            raise RefusedError("request.bad_field", name="confirm", wanted=wanted.slug, field="confirm")
        move_competition(competition=wanted, to=to, actor=cast(User, request.user))
    except RefusedError as error:
        return console_page(request, wanted, error)
    messages.success(request, f"{wanted.title} is {wanted.get_state_display()} now.")
    return redirect("host-console", slug=wanted.slug)


@login_required
@require_POST
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change texts, end and limits."""
    wanted = hosted(request, slug)
    form = TextForm(request.POST)
    if not form.is_valid():
        return console_page(request, wanted, form=form)
    try:
        change_competition(competition=wanted, actor=cast(User, request.user), **_with_end(form.cleaned_data))
    except RefusedError as error:
        form.refuse(error)
        return console_page(request, hosted(request, slug), form=form)
    messages.success(request, "Saved.")
    return redirect("host-console", slug=wanted.slug)


def _with_end(cleaned: dict[str, Any]) -> dict[str, Any]:  # Any: the fields of the form, by name
    """Return the form's values; an end that is left out means none."""
    return {"closes_at": None} | _settings(cleaned)


@login_required
@require_POST
def baselines(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter the arena's own agents for the house, so that there is somebody to meet."""
    wanted = hosted(request, slug)
    entered = enter_baselines(wanted)
    for submission in entered:
        on_uploaded(submission)
    messages.success(request, f"{amount(len(entered), 'baseline')} entered; they are validated first.")
    return redirect("host-console", slug=wanted.slug)


@login_required
@require_POST
def calibrate(request: HttpRequest, slug: str) -> HttpResponse:
    """Have the house's agents play, to find out how matches should be played here."""
    wanted = hosted(request, slug)
    try:
        want_calibration(competition=wanted, actor=cast(User, request.user))
    except RefusedError as error:
        return console_page(request, wanted, error)
    messages.success(request, "The house's agents will play for it.")
    return redirect("host-console", slug=wanted.slug)


@login_required
@require_POST
def disqualify(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an entry out, for a reason everybody can read; wants the team's name typed."""
    wanted = hosted(request, slug)
    form = DisqualifyForm(request.POST)
    try:
        entry = _entry_in(wanted, form)
        if form.cleaned_data.get("confirm", "").strip() != entry.team.name:
            raise RefusedError(
                "request.bad_field", name="confirm", wanted="the team's name, typed exactly", field="confirm"
            )
        reason = form.cleaned_data.get("reason", "")
        disqualify_entry(entry=entry, actor=cast(User, request.user), reason=reason)
    except RefusedError as error:
        return console_page(request, wanted, error)
    on_disqualified(entry)
    messages.success(request, f"{entry.team.name} is disqualified.")
    return redirect("host-console", slug=wanted.slug)


def _entry_in(competition: Competition, form: DisqualifyForm) -> Entry:
    form.full_clean()
    number = form.cleaned_data.get("entry")
    entry = (
        entries_of(competition).filter(pk=number).first()
        if isinstance(number, int) and 0 < number < 2**62
        else None
    )
    if entry is None:
        raise RefusedError("not_found", kind="entry", id=str(number or ""))
    return entry
