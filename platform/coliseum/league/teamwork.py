"""What happens to the people of a team, and what follows: agents in play, boards, and who is told of it."""

from collections.abc import Collection

from django.db import transaction

from coliseum import clock
from coliseum.accounts.models import User
from coliseum.announcements import publish
from coliseum.competitions import teams
from coliseum.competitions.models import Entry, Team
from coliseum.competitions.queries import open_phase_of
from coliseum.competitions.services import entry_of
from coliseum.competitions.teams import Joined
from coliseum.leaderboards.services import rate_phase
from coliseum.matches.services import cancel_matches
from coliseum.notices.models import Kind
from coliseum.notices.services import News, tell
from coliseum.submissions.services import deactivate_entry


def join_team(*, secret: str, user: User, version: int | None = None) -> Joined:
    """Join the team of an invitation; the agents of a team that comes whole leave play with their results.

    Raises:
        RefusedError: as `teams.accept_invitation`.
    """
    with transaction.atomic():
        before = entry_of(teams.invitation_with(secret).entry.competition, user)
        joined = teams.accept_invitation(secret=secret, user=user, version=version)
        if joined.merged is not None:
            deactivate_entry(entry=joined.merged)
            cancel_matches(competition=joined.entry.competition, submissions=joined.merged.submissions.all())
            _tell(joined.entry, "merged", user, other=joined.merged.team.name)
        elif before is None:
            _tell(joined.entry, "joined", user)
    if joined.merged is not None:
        _follow(joined.merged)
    return joined


@transaction.atomic
def rename_team(*, entry: Entry, actor: User, name: str) -> Team:
    """Give a team another name and tell its members; raises as `teams.rename_team`."""
    before = entry.team.name
    team = teams.rename_team(entry=entry, actor=actor, name=name)
    if team.name != before:
        _tell(entry, "renamed", actor, other=before, team=team.name)
    return team


@transaction.atomic
def make_captain(*, entry: Entry, actor: User, username: str) -> User:
    """Hand the lead to another member and tell everybody in the team; raises as `teams.make_captain`."""
    person = teams.make_captain(entry=entry, actor=actor, username=username)
    _tell(entry, "captain", actor, person=person.username)
    return person


@transaction.atomic
def remove_member(*, entry: Entry, actor: User, username: str) -> User:
    """Take somebody out of a team and tell those who stay, and who goes; raises as `teams.remove_member`."""
    person = teams.remove_member(entry=entry, actor=actor, username=username)
    _tell(entry, "removed", actor, person=person.username, more={person.pk})
    return person


@transaction.atomic
def leave_team(*, entry: Entry, user: User) -> None:
    """Take oneself out of a team and tell those who stay; raises as `teams.leave_team`."""
    teams.leave_team(entry=entry, user=user)
    _tell(entry, "left", user)


def _tell(entry: Entry, event: str, actor: User, *, more: Collection[int] = (), **facts: str) -> None:
    """Tell the members of a team, but not who did it."""
    fresh = Entry.objects.select_related("team", "competition").get(pk=entry.pk)
    people = {*fresh.team.members.values_list("pk", flat=True), *more} - {actor.pk}
    known = {"event": event, "person": actor.username, "team": fresh.team.name}
    known |= {"competition": fresh.competition.title, "slug": fresh.competition.slug, **facts}
    key = f"team:{entry.pk}:{event}:{actor.pk}:{clock.now():%Y%m%d%H%M%S%f}"
    tell([News(Kind.TEAM, key, f"/teams/{fresh.team_id}/", people, known)])


def _follow(merged: Entry) -> None:
    """Have the open board follow, and wake the pages that show it."""
    phase = open_phase_of(merged.competition)
    if phase:
        rate_phase(phase=phase)
    publish(f"competition:{merged.competition.slug}", "changed")
