"""Teams: read one, invite, join by an invitation, rename, hand over the lead, leave; what one follows."""

from django.http import HttpRequest
from ninja import Router, Status

from coliseum.accounts.follows import follow, followed_by, unfollow
from coliseum.accounts.models import Scope
from coliseum.api.addresses import page_address
from coliseum.api.callers import ANYBODY, needs
from coliseum.api.competition_rows import entry_row
from coliseum.api.paging import is_id
from coliseum.api.schemas import EntryRow, FollowList, InvitationMade, TeamDetail
from coliseum.api.seen import own_entry, seen_competition, user_of
from coliseum.api.taken import Invited, Member, NewName, Topic
from coliseum.competitions.models import Entry, Team
from coliseum.competitions.queries import team_with
from coliseum.competitions.teams import (
    captain_of,
    invite,
    revoke_invitation,
)
from coliseum.league.teamwork import join_team, leave_team, make_captain, remove_member, rename_team
from workers.refusals import RefusedError

router = Router(tags=["teams"])
_SUBMIT = needs(Scope.SUBMIT)
_TEAM = "/competitions/{slug}/team"


@router.post("/teams/join", response=EntryRow, auth=_SUBMIT, operation_id="accept_invitation")
def join(request: HttpRequest, body: Invited) -> EntryRow:
    """Join the team of an invitation and accept the rules, with one's whole team if one leads another."""
    joined = join_team(secret=body.invitation, user=user_of(request), version=body.version)
    return entry_row(joined.entry)


@router.get("/teams/{team_id}", response=TeamDetail, auth=ANYBODY, operation_id="get_team")
def show(request: HttpRequest, team_id: str) -> TeamDetail:
    """Return a team with its members and the competitions it is in."""
    if not is_id(team_id):
        raise RefusedError("not_found", kind="team", id=team_id)
    return _detail(team_with(team_id))


@router.post(f"{_TEAM}/invitation", response={201: InvitationMade}, auth=_SUBMIT, operation_id="invite")
def make_invitation(request: HttpRequest, slug: str) -> Status[InvitationMade]:
    """Make an invitation, shown once and good for a week; the one before ends. For the captain."""
    secret = invite(entry=_entry(request, slug), actor=user_of(request))
    return Status(201, InvitationMade(invitation=secret, url=page_address("team-join", secret)))


@router.delete(f"{_TEAM}/invitation", response={204: None}, auth=_SUBMIT, operation_id="revoke_invitation")
def end_invitation(request: HttpRequest, slug: str) -> Status[None]:
    """End the invitation that is out. For the captain."""
    revoke_invitation(entry=_entry(request, slug), actor=user_of(request))
    return Status(204, None)


@router.post(f"{_TEAM}/name", response=EntryRow, auth=_SUBMIT, operation_id="rename_team")
def rename(request: HttpRequest, slug: str, body: NewName) -> EntryRow:
    """Give the team another name. For the captain."""
    rename_team(entry=_entry(request, slug), actor=user_of(request), name=body.name)
    return entry_row(_entry(request, slug))


@router.post(f"{_TEAM}/captain", response=EntryRow, auth=_SUBMIT, operation_id="make_captain")
def hand_over(request: HttpRequest, slug: str, body: Member) -> EntryRow:
    """Hand the lead to another member. For the captain."""
    make_captain(entry=_entry(request, slug), actor=user_of(request), username=body.member)
    return entry_row(_entry(request, slug))


@router.post(f"{_TEAM}/remove", response=EntryRow, auth=_SUBMIT, operation_id="remove_member")
def remove(request: HttpRequest, slug: str, body: Member) -> EntryRow:
    """Take another member out of the team. For the captain."""
    remove_member(entry=_entry(request, slug), actor=user_of(request), username=body.member)
    return entry_row(_entry(request, slug))


@router.post(f"{_TEAM}/leave", response={204: None}, auth=_SUBMIT, operation_id="leave_team")
def leave(request: HttpRequest, slug: str) -> Status[None]:
    """Leave the team; what one submitted stays with it."""
    leave_team(entry=_entry(request, slug), user=user_of(request))
    return Status(204, None)


@router.get("/me/follows", response=FollowList, auth=needs(Scope.READ), operation_id="list_follows")
def follows(request: HttpRequest) -> FollowList:
    """List what the caller follows, the latest first."""
    return FollowList(items=followed_by(user_of(request)))


@router.post("/me/follows", response=FollowList, auth=_SUBMIT, operation_id="follow")
def begin_to_follow(request: HttpRequest, body: Topic) -> FollowList:
    """Follow a competition, as `competition:connect-four`, or the agents of an entry, as `agents:12`."""
    follow(user=user_of(request), topic=body.topic)
    return follows(request)


@router.post("/me/follows/end", response=FollowList, auth=_SUBMIT, operation_id="unfollow")
def end_to_follow(request: HttpRequest, body: Topic) -> FollowList:
    """Follow something no longer."""
    unfollow(user=user_of(request), topic=body.topic)
    return follows(request)


def _entry(request: HttpRequest, slug: str) -> Entry:
    return own_entry(request, seen_competition(request, slug))


def _detail(team: Team) -> TeamDetail:
    captain = captain_of(team)
    entries = [entry for entry in team.entries.all() if entry.competition.state != "draft"]
    merged = next((entry.merged_into for entry in entries if entry.merged_into), None)
    members = [] if merged else sorted(member.username for member in team.members.all())
    return TeamDetail(
        id=team.pk,
        name=team.name,
        is_house=team.is_house,
        captain=captain.username if captain and not merged else None,
        members=members,
        merged_into=merged.team_id if merged else None,
        competitions=[entry.competition.slug for entry in entries],
        url=page_address("team", team.pk),
    )
