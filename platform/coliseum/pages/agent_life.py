"""What an owner does when an agent is suspended, or is to exploit another; and the board of exploits."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Competition
from coliseum.competitions.queries import competition_for, shown_phase
from coliseum.leaderboards.queries import standings_of
from coliseum.league import dispatch
from coliseum.league.life import validate_again
from coliseum.pages.competitions import frame
from coliseum.pages.methods import require_POST, require_safe
from coliseum.pages.parameters import known_id, known_slug
from coliseum.pages.retelling import line_of
from coliseum.pages.rows import Row, agent_url, spec_of
from coliseum.pages.trials import trial_row
from coliseum.pages.wording import counted, until
from coliseum.submissions.exploits import TOP, enter_exploiter
from coliseum.submissions.models import Purpose, Role, Submission, SubmissionState, Verdict
from coliseum.submissions.queries import exploits_against, exploits_of, owned_by, submission_for
from coliseum.submissions.suspensions import RETRY_EVERY
from workers.refusals import RefusedError

LISTED = 200


def life_of(submission: Submission, *, is_owner: bool) -> Row:
    """Return what submissions/_life.html prints: the notice of a suspension, and what the owner may do."""
    next_at = submission.retried_at + RETRY_EVERY if submission.retried_at else None
    return {
        "is_suspended": submission.suspended_at is not None,
        "retry_url": reverse("submission-retry", args=[submission.pk]) if is_owner else "",
        "retry_wait": until(next_at) if next_at and next_at > clock.now() else "",
        "exploit_url": reverse("submission-exploit", args=[submission.pk]),
        "targets": [
            {"id": each.pk, "text": f"{each} ({each.entry.team.name})"}
            for each in (targets_for(submission) if is_owner else [])
        ],
    }


def targets_for(submission: Submission) -> list[Submission]:
    """Return whom an agent may be entered against as an exploiter."""
    competition = submission.entry.competition
    is_fit = submission.state == SubmissionState.READY and submission.role == Role.MAIN
    if not is_fit or submission.baseline or _plays_alone(competition):
        return []
    return [each for each in top_of(competition) if each.entry_id != submission.entry_id]


def _plays_alone(competition: Competition) -> bool:
    """Say whether nobody can be met there, also because the arena is gone."""
    arena = spec_of(competition.arena)
    return arena is None or arena.lineup == 1


def top_of(competition: Competition) -> list[Submission]:
    """Return the first agents of the leaderboard."""
    return [row.submission for row in standings_of(shown_phase(competition))[:TOP]]


def exploit_rows(submission: Submission) -> list[Row]:
    """Return who was shown to beat an agent as an exploiter, for its public page."""
    return [
        {
            "name": str(each.submission),
            "url": agent_url(each.submission),
            "team": each.submission.entry.team.name,
            "points": f"{each.points or 0:.1%}",
            "episodes": counted(each.episodes),
        }
        for each in exploits_against(submission)
    ]


def _own(request: HttpRequest, submission_id: str) -> Submission:
    user = cast(User, request.user)
    wanted = submission_for(known_id("submission", submission_id), user)
    if not owned_by(wanted, user):
        raise RefusedError("not_found", kind="submission", id=submission_id)
    return wanted


@login_required
@require_POST
def retry(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Ask for another validation of a suspended agent."""
    wanted = _own(request, submission_id)
    try:
        validate_again(wanted)
    except RefusedError as error:
        messages.error(request, line_of(error))
    else:
        dispatch.send_waiting_matches()
        said = _("%(agent)s is validated again; if it passes it is back in play.")
        messages.success(request, said % {"agent": wanted})
    return redirect("submission", submission_id=wanted.pk)


@login_required
@require_POST
def exploit(request: HttpRequest, submission_id: str) -> HttpResponse:
    """Enter an agent as an exploiter of one of the first agents of the board."""
    wanted = _own(request, submission_id)
    competition = wanted.entry.competition
    try:
        if _plays_alone(competition):
            raise RefusedError("exploit.alone")
        enter_exploiter(
            submission=wanted,
            target_id=request.POST.get("target", "")[:40],
            top=top_of(competition),
            actor=cast(User, request.user),
        )
    except RefusedError as error:
        messages.error(request, line_of(error))
    else:
        said = _("%(agent)s plays its target and two controls now, and nothing else.")
        messages.success(request, said % {"agent": wanted})
    return redirect("submission", submission_id=wanted.pk)


@require_safe
def exploiters(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what exploiters found out about the first agents of the board."""
    wanted = competition_for(known_slug(slug), request.user)
    trials = list(exploits_of(wanted)[:LISTED])
    controls: dict[str, list[str]] = {}
    for each in trials:
        if each.purpose == Purpose.CONTROL and each.points is not None:
            told = {"share": f"{each.points:.0%}", "opponent": each.opponent}
            controls.setdefault(each.submission_id, []).append(_("%(share)s against %(opponent)s") % told)
    shown = [each for each in trials if each.purpose == Purpose.EXPLOIT]
    shown.sort(key=lambda each: (each.verdict != Verdict.BETTER, -(each.points or 0.0)))
    context = frame(request, wanted, "leaderboard") | {
        "exploits": [
            trial_row(each)
            | {
                "exploiter": str(each.submission),
                "exploiter_url": agent_url(each.submission),
                "team": each.submission.entry.team.name,
                "controls": ", ".join(controls.get(each.submission_id, [])),
            }
            for each in shown
        ],
        "top": TOP,
    }
    return render(request, "competitions/exploiters.html", context)
