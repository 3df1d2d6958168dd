"""What is done to a tournament from its page: start, pause, release, cancel, take an agent out."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from coliseum.accounts.models import User
from coliseum.league.conductor import on_tournament_changed
from coliseum.pages.methods import require_POST
from coliseum.pages.parameters import known_id
from coliseum.pages.tournament_rounds import round_of_stage
from coliseum.pages.tournaments import tournament_page
from coliseum.submissions.queries import owned_by
from coliseum.tournaments.models import Tournament
from coliseum.tournaments.queries import entrant_of, held_pairings, sees_everything, tournament_for
from coliseum.tournaments.services import (
    cancel_tournament,
    disqualify_entrant,
    pause_tournament,
    release_round,
    resume_tournament,
    start_tournament,
    withdraw_entrant,
)
from workers.refusals import RefusedError

ACTS = ("start", "pause", "resume", "release", "release-all")


def hosted_tournament(request: HttpRequest, tournament_id: str) -> Tournament:
    """Return a tournament the person runs.

    Raises:
        RefusedError: `not_found` for everybody else.
    """
    wanted = tournament_for(known_id("tournament", tournament_id), request.user)
    if not sees_everything(wanted, request.user):
        raise RefusedError("not_found", kind="page of the host of", id=tournament_id)
    return wanted


@login_required
@require_POST
def act(request: HttpRequest, tournament_id: str) -> HttpResponse:
    """Start, pause, resume, or release results."""
    wanted = hosted_tournament(request, tournament_id)
    try:
        done = _do(wanted, cast(User, request.user), request.POST.get("act", ""), _reason(request))
    except RefusedError as error:
        return tournament_page(request, wanted, error)
    on_tournament_changed(wanted.pk)
    messages.success(request, done)
    return redirect("tournament", tournament_id=wanted.pk)


def _do(wanted: Tournament, actor: User, name: str, reason: str) -> str:
    """Do what a button says and return what to say then.

    Raises:
        RefusedError: whatever the services refuse; `request.bad_field` for another word.
    """
    if name == "start":
        start_tournament(tournament=wanted, actor=actor)
        return _("%(title)s has started.") % {"title": wanted.title}
    if name == "pause":
        pause_tournament(tournament=wanted, actor=actor, reason=reason)
        return _("%(title)s is paused; what is being played ends.") % {"title": wanted.title}
    if name == "resume":
        resume_tournament(tournament=wanted, actor=actor)
        return _("%(title)s goes on.") % {"title": wanted.title}
    if name in {"release", "release-all"}:
        first = held_pairings(wanted).first()
        release_round(tournament=wanted, actor=actor, everything=name == "release-all")
        if first is None or name == "release-all":
            return _("Everybody sees the results of all rounds now.")
        shown = round_of_stage(first.round, first.stage.number)
        return _("Everybody sees the results of %(round)s now.") % {"round": shown}
    raise RefusedError("request.bad_field", name="act", wanted=f"one of {', '.join(ACTS)}", field="act")


@login_required
@require_POST
def cancel(request: HttpRequest, tournament_id: str) -> HttpResponse:
    """End a tournament without a champion; wants the word typed."""
    wanted = hosted_tournament(request, tournament_id)
    try:
        if request.POST.get("confirm", "").strip() != "cancel":
            raise RefusedError("request.bad_field", name="confirm", wanted="cancel", field="confirm")
        cancel_tournament(tournament=wanted, actor=cast(User, request.user), reason=_reason(request))
    except RefusedError as error:
        return tournament_page(request, wanted, error)
    on_tournament_changed(wanted.pk)
    messages.success(request, _("%(title)s is cancelled.") % {"title": wanted.title})
    return redirect("tournament", tournament_id=wanted.pk)


@login_required
@require_POST
def leave(request: HttpRequest, tournament_id: str) -> HttpResponse:
    """Take an agent out: its team withdraws it, a host withdraws or disqualifies it; wants its name typed."""
    wanted = tournament_for(known_id("tournament", tournament_id), request.user)
    actor = cast(User, request.user)
    agent = known_id("agent", request.POST.get("agent", "") or "-")
    entrant = entrant_of(wanted, agent)
    is_hosting = sees_everything(wanted, actor)
    if not (is_hosting or owned_by(entrant.submission, actor)):
        raise RefusedError("not_found", kind="agent of yours", id=agent)
    try:
        if request.POST.get("confirm", "").strip() != str(entrant.submission):
            raise RefusedError(
                "request.bad_field", name="confirm", wanted="the agent's name, typed exactly", field="confirm"
            )
        if is_hosting and request.POST.get("kind", "") == "disqualified":
            disqualify_entrant(tournament=wanted, entrant=entrant, actor=actor, reason=_reason(request))
        else:
            withdraw_entrant(tournament=wanted, entrant=entrant, actor=actor, reason=_reason(request))
    except RefusedError as error:
        return tournament_page(request, wanted, error)
    on_tournament_changed(wanted.pk)
    messages.success(request, _("%(agent)s is out.") % {"agent": entrant.submission})
    return redirect("tournament", tournament_id=wanted.pk)


def _reason(request: HttpRequest) -> str:
    """Return the reason that was typed.

    Raises:
        RefusedError: `request.bad_field` when it is too long or holds a zero byte.
    """
    reason = request.POST.get("reason", "").strip()
    if len(reason) > 400 or "\0" in reason:
        raise RefusedError("request.bad_field", name="reason", wanted="at most 400 letters", field="reason")
    return reason
