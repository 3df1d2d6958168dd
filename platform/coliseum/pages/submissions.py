"""Submissions for their owners: live checklist, limits, replay, log, package."""

from collections.abc import Callable, Iterable
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coliseum import storage
from coliseum.accounts.models import User
from coliseum.downloads import BYTES, file_answer
from coliseum.league.reproducing import reproduction_of
from coliseum.matches.models import Match, MatchState
from coliseum.matches.queries import matches_of, validation_of
from coliseum.pages.agent_life import life_of
from coliseum.pages.checklist import checklist_rows, title_of
from coliseum.pages.losses import worst_losses
from coliseum.pages.methods import require_safe
from coliseum.pages.parameters import known_id, live_url
from coliseum.pages.playing import episode_rows, player
from coliseum.pages.rows import Row, dated_fact, match_rows, moment, spec_of
from coliseum.pages.submitting import editor_address, is_editable
from coliseum.pages.trials import trial_rows
from coliseum.pages.versions import version_rows
from coliseum.pages.wording import ago, amount, size, took
from coliseum.submissions.models import Submission, SubmissionState
from coliseum.submissions.queries import owned_by, submission_for
from workers.refusals import INFRASTRUCTURE_ERROR, RefusedError
from workers.spec import AgentUsage

_FIRST = 10
_ENTRY_POINTS = {
    "class": gettext_lazy("class Agent"),
    "function": gettext_lazy("function agent"),
    "model": gettext_lazy("ONNX model, no code"),
}


def submission_rows(submissions: Iterable[Submission]) -> list[Row]:
    """Return the lines of a list of one's own submissions."""
    return [_submission_row(submission) for submission in submissions]


def _submission_row(submission: Submission) -> Row:
    standing = getattr(submission, "standing", None)
    return {
        "url": reverse("submission", args=[submission.pk]),
        "name": str(submission),
        "competition": submission.entry.competition.title,
        "competition_url": reverse("competition", args=[submission.entry.competition.slug]),
        "state": submission.state,
        "state_label": submission.get_state_display(),
        "is_active": submission.is_active,
        "is_suspended": submission.suspended_at is not None,
        "role": submission.get_role_display() if submission.role != "main" else "",
        "code": submission.code if submission.code not in {"", "ok"} else "",
        "rank": _("rank %(rank)d") % {"rank": standing.rank} if standing else "",
        "note": submission.note,
        "when": ago(submission.uploaded_at),
        "when_at": moment(submission.uploaded_at),
    }


@login_required
@require_safe
def submission(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Show a submission to its owners, its host and administrators."""
    user = cast(User, request.user)
    wanted = submission_for(known_id("submission", submission_id), user)
    is_owner = owned_by(wanted, user)
    validation = validation_of(wanted)
    index = _shown_episode(request, validation)
    replay = player(validation, index) if validation else None
    competition = wanted.entry.competition
    steps = checklist_rows(wanted, validation, is_owner=is_owner)
    context = {
        "section": "competitions",
        **_head(wanted, is_owner=is_owner),
        "title": title_of(steps, wanted),
        "is_decided": _is_decided(wanted),
        "package": _package_facts(wanted) if is_owner else [],
        "usage": _usage_facts(wanted) if is_owner else [],
        "log": str(wanted.usage.get("log", "")) if is_owner else "",
        "replay": replay,
        "episodes": episode_rows(validation, index) if validation and replay else [],
        "steps": steps,
        "checklist_url": reverse("checklist", args=[wanted.pk]),
        "live_url": live_url(f"submission:{wanted.pk}"),
        "check_command": f"coliseum check {wanted.package.file_name} --arena {competition.arena}",
        "editor_url": editor_address(wanted) if is_owner and is_editable(wanted) else "",
    }
    if not wanted.is_rehearsal:
        context |= {
            "matches": match_rows(matches_of(wanted)[:_FIRST]),
            "worst": worst_losses(wanted),
            "versions": version_rows(wanted) if is_owner else [],
            "trials": trial_rows(wanted),
            "life": life_of(wanted, is_owner=is_owner),
        }
    return render(request, "submissions/submission.html", context)


def _head(submission: Submission, *, is_owner: bool) -> Row:
    return {
        "submission": submission,
        "head": _submission_row(submission),
        "head_url": reverse("submission-head", args=[submission.pk]),
        "is_owner": is_owner,
        "is_ready": submission.state == SubmissionState.READY and not submission.is_rehearsal,
        "is_rehearsal": submission.is_rehearsal,
    }


@login_required
@require_safe
def head(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Give name, state and buttons alone, for a page that is kept fresh."""
    user = cast(User, request.user)
    wanted = submission_for(known_id("submission", submission_id), user)
    return render(request, "submissions/_head.html", _head(wanted, is_owner=owned_by(wanted, user)))


def _shown_episode(request: HttpRequest, validation: Match | None) -> int:
    """Return the episode asked for; the first that the agent failed if none is."""
    text = request.GET.get("episode", "")
    episodes = list(validation.episodes.all()) if validation else []
    if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= len(episodes):
        return int(text) - 1
    return len(episodes) - 1 if validation and episodes and _failed(episodes[-1].seats) else 0


def _failed(seats: list[dict[str, object]]) -> bool:
    return any(seat["outcome"] != "ok" for seat in seats)


@login_required
@require_safe
def checklist(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Give the checklist alone, for a page that is kept fresh."""
    user = cast(User, request.user)
    wanted = submission_for(known_id("submission", submission_id), user)
    steps = checklist_rows(wanted, validation_of(wanted), is_owner=owned_by(wanted, user))
    context = {
        "steps": steps,
        "title": title_of(steps, wanted),
        "checklist_url": reverse("checklist", args=[wanted.pk]),
        "page_url": reverse("submission", args=[wanted.pk]) if _is_decided(wanted) else "",
    }
    return render(request, "submissions/_checklist_news.html", context)


def _is_decided(submission: Submission) -> bool:
    return submission.state not in (SubmissionState.UPLOADED, SubmissionState.VALIDATING)


def _package_facts(submission: Submission) -> list[Row]:
    package = submission.package
    files = amount(package.file_count, "file", "files")
    rows = [
        (_("File"), submission.original_name or package.file_name, False),
        (_("Size"), ", ".join((size(package.size_bytes), files)), False),
        ("SHA-256", package.digest, True),
        (_("Entry point"), _ENTRY_POINTS[package.entry_point], False),
    ]
    if submission.note:
        rows.append((_("Note"), submission.note, False))
    if not submission.is_rehearsal:
        rows.append((_("Quota"), _charge(submission), False))
    facts = [{"label": label, "value": value, "is_code": is_code} for label, value, is_code in rows]
    return [*facts, dated_fact(_("Uploaded"), submission.uploaded_at)]


def _charge(submission: Submission) -> str:
    """Return whether a submission counts against its day's quota, and why."""
    if submission.baseline:
        return _("Not charged: the house has none.")
    if submission.state == SubmissionState.REJECTED:
        return _("Not charged: what does not pass its checks never counts.")
    if submission.code == INFRASTRUCTURE_ERROR:
        return _("Not charged: the fault was ours.")
    if submission.state in (SubmissionState.UPLOADED, SubmissionState.VALIDATING):
        return _("Reserved; it is given back if the agent does not pass its checks.")
    return _("Charged to the day it was sent: it passed its checks.")


def _usage_facts(submission: Submission) -> list[Row]:
    """Return what the validation match used beside what the arena grants."""
    spec = spec_of(submission.entry.competition.arena)
    if not submission.usage or spec is None:
        return []
    overrides = submission.entry.competition.limits
    used = _usage(submission.usage)

    def limit(name: str) -> float:
        return float(overrides.get(name, getattr(spec.limits, name)))

    rows = [
        _used(_("Loading"), used.load_seconds, limit("load_seconds"), took),
        _used(_("Memory at its peak"), used.peak_memory_bytes, limit("memory_bytes"), size),
    ]
    quantiles = list(used.step_quantiles) + [0.0] * 4
    if used.step_quantiles:
        step = limit("step_seconds")
        rows.append(_used(_("Half of the turns within"), quantiles[0], step, took))
        rows.append(_used(_("99 % of the turns within"), quantiles[2], step, took))
        rows.append(_used(_("Slowest turn"), quantiles[3], step, took))
        spare = limit("bank_seconds")
        rows.append(_used(_("Spare time used"), max(0.0, spare - used.bank_left_seconds), spare, took))
    return rows


def _used(label: str, value: float, most: float, shown: Callable[[float], str]) -> Row:
    return {
        "label": label,
        "used": shown(value),
        "limit": shown(most),
        "value": round(min(value, most), 6),
        "max": most,
        "is_near": value > 0.8 * most,
    }


def _usage(usage: dict[str, object]) -> AgentUsage:
    known = {name: usage[name] for name in AgentUsage.__struct_fields__ if name in usage}
    return AgentUsage(**known)  # type: ignore[arg-type]  # stored by the site from this very type


@login_required
@require_safe
def package(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Send the uploaded bytes to an owner."""
    user = cast(User, request.user)
    wanted = submission_for(known_id("submission", submission_id), user)
    if not owned_by(wanted, user):
        raise RefusedError("not_found", kind="submission", id=submission_id)
    name = f"agent-v{wanted.number}.{wanted.package.file_name.rpartition('.')[2]}"
    return file_answer(request, storage.read_package(wanted.package_id), name=name, kind=BYTES)


@login_required
@require_safe
def reproduction(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Send an owner what plays the validation again at home."""
    wanted = _own(request, submission_id)
    validation = validation_of(wanted)
    if validation is None or validation.state != MatchState.FINISHED or not wanted.checks:
        raise RefusedError("not_found", kind="finished validation of", id=submission_id)
    name, kind = f"reproduce-v{wanted.number}.zip", "application/zip"
    return file_answer(request, reproduction_of(wanted, validation), name=name, kind=kind)


def _own(request: HttpRequest, submission_id: str) -> Submission:
    user = cast(User, request.user)
    wanted = submission_for(known_id("submission", submission_id), user)
    if not owned_by(wanted, user):
        raise RefusedError("not_found", kind="submission", id=submission_id)
    return wanted
