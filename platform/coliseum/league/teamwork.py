"""Teams that merge: what it means for agents in play, matches that wait, and boards."""

from django.db import transaction

from coliseum.accounts.models import User
from coliseum.announcements import publish
from coliseum.competitions.models import Entry
from coliseum.competitions.queries import open_phase_of
from coliseum.competitions.teams import Joined, accept_invitation
from coliseum.leaderboards.services import rate_phase
from coliseum.matches.services import cancel_matches
from coliseum.submissions.services import deactivate_entry


def join_team(*, secret: str, user: User, version: int | None = None) -> Joined:
    """Join the team of an invitation; the agents of a team that comes whole leave play with their results.

    Raises:
        RefusedError: as `accept_invitation`.
    """
    with transaction.atomic():
        joined = accept_invitation(secret=secret, user=user, version=version)
        if joined.merged is not None:
            deactivate_entry(entry=joined.merged)
            cancel_matches(competition=joined.entry.competition, submissions=joined.merged.submissions.all())
    if joined.merged is not None:
        _follow(joined.merged)
    return joined


def _follow(merged: Entry) -> None:
    """Have the open board follow, and wake the pages that show it."""
    phase = open_phase_of(merged.competition)
    if phase:
        rate_phase(phase=phase)
    publish(f"competition:{merged.competition.slug}", "changed")
