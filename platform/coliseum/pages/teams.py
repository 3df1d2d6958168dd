"""Teams: the public page, one's own team in a competition, and the page of an invitation."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.competitions.models import Competition, Entry, Invitation
from coliseum.competitions.queries import competition_for, invitation_out, team_with
from coliseum.competitions.rules import current_rules
from coliseum.competitions.services import check_joinable, entry_of
from coliseum.competitions.teams import (
    captain_of,
    check_teams_open,
    invitation_with,
    invite,
    revoke_invitation,
)
from coliseum.league.teamwork import join_team, leave_team, make_captain, remove_member, rename_team
from coliseum.pages.competitions import frame
from coliseum.pages.markdown import to_html
from coliseum.pages.methods import require_form, require_POST, require_safe
from coliseum.pages.parameters import known_id, known_slug
from coliseum.pages.people_rows import agent_rows, person_row, place_rows
from coliseum.pages.profile_forms import InvitedForm, TeamNameForm
from coliseum.pages.retelling import alert_of
from coliseum.pages.rows import Row
from coliseum.pages.wording import until
from coliseum.submissions.presence import agents_in_play, places_of
from coliseum.submissions.services import quota_left
from workers.refusals import RefusedError


@require_safe
def team(request: HttpRequest, team_id: str) -> HttpResponse:
    """Show a team to everybody: its members, competitions, agents in play and places."""
    wanted = team_with(known_id("team", team_id))
    captain = captain_of(wanted)
    entries = [entry for entry in wanted.entries.all() if entry.competition.state != "draft"]
    merged = next((entry.merged_into for entry in entries if entry.merged_into), None)
    members = [] if merged else list(wanted.members.all())
    context = {
        "team": wanted,
        "members": [
            person_row(member, getattr(member, "profile", None))
            | {"is_captain": captain is not None and member.pk == captain.pk}
            for member in members
        ],
        "is_alone": len(members) == 1,
        "is_mine": any(member.pk == request.user.pk for member in members),
        "merged_into": {"name": merged.team.name, "url": reverse("team", args=[merged.team_id])}
        if merged
        else None,
        "entries": [
            {
                "title": entry.competition.title,
                "url": reverse("competition", args=[entry.competition.slug]),
                "own_url": reverse("own-team", args=[entry.competition.slug]),
                "disqualified": entry.disqualified_reason if entry.is_disqualified else "",
            }
            for entry in entries
        ],
        "agents": agent_rows(agents_in_play([wanted])[:50]),
        "places": place_rows(list(places_of(type(wanted).objects.filter(pk=wanted.pk))[:30])),
    }
    return render(request, "teams/team.html", context)


@login_required
@require_safe
def own_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one's team in a competition: members, invitation, name, and the ways out."""
    return _own_page(request, competition_for(known_slug(slug), request.user))


@login_required
@require_POST
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite, take an invitation back, rename, hand over the lead, remove somebody, or leave."""
    user = cast(User, request.user)
    competition = competition_for(known_slug(slug), user)
    entry = entry_of(competition, user)
    if entry is None:
        raise RefusedError("competition.not_joined")
    chosen = request.POST.get("act", "")
    try:
        if chosen == "invite":
            secret = invite(entry=entry, actor=user)
            return _own_page(request, competition, secret=secret, status=201)
        done = _acted(request, entry, chosen)
    except RefusedError as error:
        form = TeamNameForm(request.POST) if chosen == "rename" else None
        if form:
            form.refuse(error)
        return _own_page(request, competition, form=form, error=None if form else error, status=error.status)
    messages.success(request, done)
    if chosen == "leave":
        return redirect("competition", slug=competition.slug)
    return redirect("own-team", slug=competition.slug)


def _acted(request: HttpRequest, entry: Entry, chosen: str) -> str:
    """Do what was chosen and return what to say of it.

    Raises:
        RefusedError: `request.bad_field`, or as the services.
    """
    user, name = cast(User, request.user), request.POST.get("member", "")
    if chosen == "rename":
        renamed = rename_team(entry=entry, actor=user, name=request.POST.get("name", ""))
        return _("The team is called %(name)s now.") % {"name": renamed.name}
    if chosen == "revoke":
        revoke_invitation(entry=entry, actor=user)
        return _("The invitation is not valid any more.")
    if chosen == "captain":
        made = make_captain(entry=entry, actor=user, username=name)
        return _("%(name)s is captain now.") % {"name": made.username}
    if chosen == "remove":
        _check_typed(request, name)
        remove_member(entry=entry, actor=user, username=name)
        return _("%(name)s is no longer in the team.") % {"name": name}
    if chosen == "leave":
        _check_typed(request, "leave")
        leave_team(entry=entry, user=user)
        return _("You have left the team. What you submitted stays with it.")
    choices = "invite, rename, revoke, captain, remove, leave"
    raise RefusedError("request.bad_field", name="act", wanted=f"one of {choices}", field="act")


def _check_typed(request: HttpRequest, word: str) -> None:
    if request.POST.get("confirm", "").strip() != word:
        raise RefusedError(
            "request.bad_field", name="confirm", wanted=f"{word}, typed exactly", field="confirm"
        )


def _own_page(
    request: HttpRequest,
    competition: Competition,
    *,
    secret: str = "",
    form: TeamNameForm | None = None,
    error: RefusedError | None = None,
    status: int = 200,
) -> HttpResponse:
    user = cast(User, request.user)
    entry = entry_of(competition, user)
    context = frame(request, competition, "own-team") | {"entry": entry, "error": alert_of(error)}
    if entry is not None:
        context |= _team_context(entry, user) | {
            "form": form or TeamNameForm(initial={"name": entry.team.name}),
            "link": request.build_absolute_uri(reverse("team-join", args=[secret])) if secret else "",
        }
    response = render(request, "teams/own.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _team_context(entry: Entry, user: User) -> Row:
    members = list(entry.team.members.select_related("profile").order_by("username"))
    captain = captain_of(entry.team)
    is_captain = captain is not None and captain.pk == user.pk
    left, resets_at = quota_left(entry)
    is_open = _refusal(check_joinable, entry.competition) is None
    action = reverse("team-act", args=[entry.competition.slug])
    return {
        "team": entry.team,
        "act_url": action,
        "members": [
            person_row(member, getattr(member, "profile", None))
            | {
                "is_me": member.pk == user.pk,
                "is_captain": captain is not None and member.pk == captain.pk,
                "confirm": _removal(member, action) if is_captain and is_open and member != user else None,
            }
            for member in members
        ],
        "others": [member.username for member in members if member.pk != user.pk] if is_captain else [],
        "most": entry.competition.max_members,
        "is_full": len(members) >= entry.competition.max_members,
        "is_captain": is_captain,
        "captain": captain.username if captain else "",
        "teams_closed": _refusal(check_teams_open, entry.competition),
        "merge_until": entry.competition.merge_until,
        "invitation": _invitation_row(invitation_out(entry)),
        "is_open": is_open,
        "quota": {
            "left": max(0, left),
            "limit": entry.competition.daily_submissions,
            "resets": until(resets_at),
        },
        "leave": _leaving(action) if len(members) > 1 and is_open else None,
    }


def _refusal(check: Callable[[Competition], None], competition: Competition) -> RefusedError | None:
    try:
        check(competition)
    except RefusedError as error:
        return error
    return None


def _invitation_row(invitation: Invitation | None) -> Row | None:
    if invitation is None or invitation.expires_at <= clock.now():
        return None
    return {
        "ends": until(invitation.expires_at),
        "by": invitation.made_by.username if invitation.made_by else "",
    }


def _removal(member: User, action: str) -> Row:
    return {
        "key": f"remove-{member.pk}",
        "button": _("Remove"),
        "title": _("Remove %(name)s?") % {"name": member.username},
        "text": _(
            "They lose sight of the team's code and logs at once. What they submitted stays with the team."
        ),
        "action": action,
        "slug": member.username,
        "submit_label": _("Remove from the team"),
        "hidden": {"act": "remove", "member": member.username},
    }


def _leaving(action: str) -> Row:
    return {
        "key": "leave",
        "button": _("Leave the team"),
        "title": _("Leave the team?"),
        "text": _("What you submitted stays with the team, and you lose sight of its code and logs at once."),
        "action": action,
        "slug": "leave",
        "submit_label": _("Leave the team"),
        "hidden": {"act": "leave"},
    }


@login_required
@require_form
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Show what an invitation is to; join when the button is pressed."""
    user = cast(User, request.user)
    invitation = invitation_with(secret if "\0" not in secret else "")
    form = InvitedForm(request.POST) if request.method == "POST" else None
    status = 200
    if form is not None:
        status = 400
        if form.is_valid():
            try:
                return _joined(request, invitation, secret, form)
            except RefusedError as error:
                form.refuse(error)
                status = error.status
    entry, own = invitation.entry, entry_of(invitation.entry.competition, user)
    rules = current_rules(entry.competition)
    context = {
        "section": "competitions",
        "competition": entry.competition,
        "team": entry.team,
        "members": [person_row(member) for member in entry.team.members.order_by("username")],
        "by": invitation.made_by.username if invitation.made_by else "",
        "ends": until(invitation.expires_at),
        "own": own,
        "is_in": own is not None and own.pk == entry.pk,
        "own_members": own.team.members.count() if own else 0,
        "leads_own": own is not None and captain_of(own.team) == user,
        "rules": to_html(entry.competition.rules),
        "form": form or InvitedForm(initial={"version": rules.number}),
    }
    response = render(request, "teams/join.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _joined(request: HttpRequest, invitation: Invitation, secret: str, form: InvitedForm) -> HttpResponse:
    user, competition = cast(User, request.user), invitation.entry.competition
    own = entry_of(competition, user)
    if own is not None and own.pk != invitation.entry_id:
        _check_typed(request, "merge")
    joined = join_team(secret=secret, user=user, version=form.cleaned_data["version"])
    messages.success(request, _("You are in the team %(name)s.") % {"name": joined.entry.team.name})
    return redirect("own-team", slug=competition.slug)
