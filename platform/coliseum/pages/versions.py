"""Versions of an agent for their team: notes, what changed, activate, deactivate, roll back."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.pages.differences import difference_rows
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.parameters import known_id, optional_id
from coliseum.pages.rows import Row, moment
from coliseum.pages.submitting import editor_address, is_editable
from coliseum.pages.wording import ago, amount
from coliseum.submissions.models import Role, Submission, SubmissionState
from coliseum.submissions.queries import earlier_of, owned_by, submission_for, submissions_of
from coliseum.submissions.services import activate_submission, deactivate_submission
from coliseum.submissions.versions import change_note, roll_back
from workers.refusals import RefusedError

SHOWN = 20


def version_rows(current: Submission) -> list[Row]:
    """Return what submissions/_versions.html prints: the entry's latest versions, newest first."""
    versions = list(submissions_of(current.entry)[: SHOWN + 1])
    playing = [each for each in versions if each.is_active and each.role == Role.MAIN]
    newest = max((each.number for each in playing), default=0)
    return [
        {
            "name": f"v{each.number}",
            "title": str(each),
            "url": reverse("submission", args=[each.pk]),
            "is_current": each.pk == current.pk,
            "state": each.state,
            "state_label": each.get_state_display(),
            "code": each.code if each.code not in {"", "ok"} else "",
            "is_active": each.is_active,
            "note": each.note,
            "note_url": reverse("submission-note", args=[each.pk]),
            "standing": _standing(each),
            "when": ago(each.uploaded_at),
            "when_at": moment(each.uploaded_at),
            "changes_url": reverse("submission-changes", args=[each.pk])
            if each.pk != versions[-1].pk
            else "",
            "editor_url": editor_address(each) if is_editable(each) else "",
            "act": _act(each, newest),
        }
        for each in versions[:SHOWN]
    ]


def _act(submission: Submission, newest: int) -> Row | None:
    """Return the one thing to do with a version: take it out, put it in, or go back to it."""
    if submission.is_active:
        return {"url": reverse("submission-deactivate", args=[submission.pk]), "label": _("Deactivate")}
    is_fit = submission.state == SubmissionState.READY and submission.role == Role.MAIN
    if not is_fit or submission.suspended_at:
        return None
    if submission.number < newest:
        label = _("Roll back to v%(number)d") % {"number": submission.number}
        return {"url": reverse("submission-roll-back", args=[submission.pk]), "label": label}
    return {"url": reverse("submission-activate", args=[submission.pk]), "label": _("Activate")}


def _standing(submission: Submission) -> str:
    standing = submission.standing
    if standing is None:
        return _("not rated")
    played = amount(standing.matches, "match", "matches")
    return _("rank %(rank)d, %(rating).0f ± %(margin).0f, %(played)s") % {
        "rank": standing.rank,
        "rating": standing.rating,
        "margin": (standing.high - standing.low) / 2,
        "played": played,
    }


@login_required
@require_safe
def changes(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Show a team what changed in a version since an earlier one."""
    wanted = _own(request, submission_id)
    since = optional_id(request, "since")
    older = _own(request, since) if since else earlier_of(wanted)
    if older is None or older.entry_id != wanted.entry_id or older.pk == wanted.pk:
        raise RefusedError("not_found", kind="earlier version of", id=submission_id)
    others = [each for each in submissions_of(wanted.entry)[:SHOWN] if each.pk != wanted.pk]
    context = {
        "section": "competitions",
        "name": str(wanted),
        "url": reverse("submission", args=[wanted.pk]),
        "older": {
            "name": f"v{older.number}",
            "url": reverse("submission", args=[older.pk]),
            "note": older.note,
        },
        "newer": {"name": f"v{wanted.number}", "note": wanted.note},
        "choices": [
            {"label": f"v{each.number}", "url": f"?since={each.pk}", "is_current": each.pk == older.pk}
            for each in others
        ],
        "files": difference_rows(older.package, wanted.package),
    }
    response = render(request, "submissions/changes.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def note(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Change what a team remembers of a version."""
    wanted = _own(request, submission_id)
    change_note(submission=wanted, note=request.POST.get("note", ""))
    messages.success(request, _("The note on v%(number)d is kept.") % {"number": wanted.number})
    return redirect(_back(request, wanted))


def _back(request: HttpRequest, submission: Submission) -> str:
    """Return the page the form stood on, if that is another version's; else the version's own."""
    page = request.POST.get("page", "")
    asked = known_id("submission", page) if page else submission.pk
    return reverse("submission", args=[asked]) + "#versions"


@login_required
@require_POST
def activate(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Let a submission play."""
    wanted = _own(request, submission_id)
    activate_submission(submission=wanted)
    text = _("%(agent)s plays in the league. What it played before counts on.") % {"agent": wanted}
    messages.success(request, text)
    return redirect("submission", submission_id=wanted.pk)


@login_required
@require_POST
def deactivate(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Take a submission out of the league."""
    wanted = _own(request, submission_id)
    deactivate_submission(submission=wanted)
    text = _("%(agent)s no longer plays and leaves the leaderboard. Its results stay.") % {"agent": wanted}
    messages.info(request, text)
    return redirect("submission", submission_id=wanted.pk)


@login_required
@require_POST
def back(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Put an earlier version into play instead of the later ones."""
    wanted = _own(request, submission_id)
    taken_out = roll_back(submission=wanted)
    out = ", ".join(f"v{each.number}" for each in taken_out)
    text = _("v%(number)d plays again, with the rating its own matches gave it.") % {"number": wanted.number}
    if out:
        text = " ".join(
            (text, _("%(out)s left the league; nothing of what it played is lost.") % {"out": out})
        )
    messages.success(request, text)
    return redirect("submission", submission_id=wanted.pk)


def _own(request: HttpRequest, submission_id: str) -> Submission:
    user = cast(User, request.user)
    wanted = submission_for(known_id("submission", submission_id), user)
    if not owned_by(wanted, user) or wanted.is_rehearsal:
        raise RefusedError("not_found", kind="submission", id=submission_id)
    return wanted
