"""Submissions for their owners: live checklist, limits, replay, log, package."""

from collections.abc import Callable, Iterable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from coliseum import storage
from coliseum.accounts.models import User
from coliseum.matches.models import Match
from coliseum.matches.queries import matches_of, validation_of
from coliseum.pages.agent_life import life_of
from coliseum.pages.checklist import checklist_rows
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.parameters import known_id, live_url
from coliseum.pages.playing import episode_rows, player
from coliseum.pages.rows import Row, match_rows, moment, spec_of
from coliseum.pages.trials import trial_rows
from coliseum.pages.wording import ago, amount, size, took
from coliseum.submissions.models import Submission, SubmissionState
from coliseum.submissions.queries import owned_by, submission_for
from coliseum.submissions.services import activate_submission, deactivate_submission
from workers.refusals import RefusedError
from workers.spec import AgentUsage

_ENTRY_POINTS = {"class": "class Agent", "function": "function agent", "model": "ONNX model, no code"}


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
        "rank": f"rank {standing.rank}" if standing else "",
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
    context = {
        "section": "competitions",
        **_head(wanted, is_owner=is_owner),
        "package": _package_facts(wanted) if is_owner else [],
        "usage": _usage_facts(wanted) if is_owner else [],
        "log": str(wanted.usage.get("log", "")) if is_owner else "",
        "replay": replay,
        "episodes": episode_rows(validation, index) if validation and replay else [],
        "matches": match_rows(matches_of(wanted)[:10]),
        "trials": trial_rows(wanted),
        "life": life_of(wanted, is_owner=is_owner),
        "steps": checklist_rows(wanted, validation, is_owner=is_owner),
        "checklist_url": reverse("checklist", args=[wanted.pk]),
        "live_url": live_url(f"submission:{wanted.pk}"),
        "check_command": f"coliseum check agent.py --arena {wanted.entry.competition.arena}",
    }
    return render(request, "submissions/submission.html", context)


def _head(submission: Submission, *, is_owner: bool) -> Row:
    return {
        "submission": submission,
        "head": _submission_row(submission),
        "head_url": reverse("submission-head", args=[submission.pk]),
        "is_owner": is_owner,
        "is_ready": submission.state == SubmissionState.READY,
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
    context = {
        "steps": checklist_rows(wanted, validation_of(wanted), is_owner=owned_by(wanted, user)),
        "checklist_url": reverse("checklist", args=[wanted.pk]),
    }
    return render(request, "parts/_checklist.html", context)


def _package_facts(submission: Submission) -> list[Row]:
    package = submission.package
    rows = [
        ("File", submission.original_name or package.file_name, False),
        ("Size", f"{size(package.size_bytes)}, {amount(package.file_count, 'file')}", False),
        ("SHA-256", package.digest, True),
        ("Entry point", _ENTRY_POINTS[package.entry_point], False),
        ("Uploaded", f"{submission.uploaded_at:%Y-%m-%d %H:%M} UTC", False),
    ]
    if submission.note:
        rows.append(("Note", submission.note, False))
    return [{"label": label, "value": value, "is_code": is_code} for label, value, is_code in rows]


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
        _used("Loading", used.load_seconds, limit("load_seconds"), took),
        _used("Memory at its peak", used.peak_memory_bytes, limit("memory_bytes"), size),
    ]
    quantiles = list(used.step_quantiles) + [0.0] * 4
    if used.step_quantiles:
        step = limit("step_seconds")
        rows.append(_used("Half of the turns within", quantiles[0], step, took))
        rows.append(_used("99 % of the turns within", quantiles[2], step, took))
        rows.append(_used("Slowest turn", quantiles[3], step, took))
        spare = limit("bank_seconds")
        rows.append(_used("Spare time used", max(0.0, spare - used.bank_left_seconds), spare, took))
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
    response = HttpResponse(storage.read_package(wanted.package_id), content_type="application/octet-stream")
    suffix = wanted.package.file_name.rpartition(".")[2]
    response["Content-Disposition"] = f'attachment; filename="agent-v{wanted.number}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def activate(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Let a submission play."""
    wanted = _own(request, submission_id)
    activate_submission(submission=wanted)
    messages.success(request, f"{wanted} plays in the league.")
    return redirect("submission", submission_id=wanted.pk)


@login_required
@require_POST
def deactivate(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Take a submission out of the league."""
    wanted = _own(request, submission_id)
    deactivate_submission(submission=wanted)
    messages.info(request, f"{wanted} no longer plays. Its results stay.")
    return redirect("submission", submission_id=wanted.pk)


def _own(request: HttpRequest, submission_id: str) -> Submission:
    user = cast(User, request.user)
    wanted = submission_for(known_id("submission", submission_id), user)
    if not owned_by(wanted, user):
        raise RefusedError("not_found", kind="submission", id=submission_id)
    return wanted
