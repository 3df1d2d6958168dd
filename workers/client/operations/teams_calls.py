"""Calls of the group teams. Made by `python -m tests.client_calls`."""

from workers.client.answers.competition_answers import EntryRow, FollowList, InvitationMade, TeamDetail
from workers.client.calls import Calls


class TeamsCalls(Calls):
    """Calls of the group teams."""

    def accept_invitation(self, *, invitation: str, version: int | None = None) -> EntryRow:
        """Join the team of an invitation and accept the rules, with one's whole team if one leads another."""
        return self._write(
            "POST", EntryRow, ("teams", "join"), {"invitation": invitation, "version": version}
        )

    def get_team(self, team_id: str) -> TeamDetail:
        """Return a team with its members and the competitions it is in."""
        return self._get(TeamDetail, ("teams", team_id), {})

    def invite(self, slug: str) -> InvitationMade:
        """Make an invitation, shown once and good for a week; the one before ends. For the captain."""
        return self._write("POST", InvitationMade, ("competitions", slug, "team", "invitation"), None)

    def revoke_invitation(self, slug: str) -> None:
        """End the invitation that is out. For the captain."""
        self._do("DELETE", ("competitions", slug, "team", "invitation"), None)

    def rename_team(self, slug: str, *, name: str) -> EntryRow:
        """Give the team another name. For the captain."""
        return self._write("POST", EntryRow, ("competitions", slug, "team", "name"), {"name": name})

    def make_captain(self, slug: str, *, member: str) -> EntryRow:
        """Hand the lead to another member. For the captain."""
        return self._write("POST", EntryRow, ("competitions", slug, "team", "captain"), {"member": member})

    def remove_member(self, slug: str, *, member: str) -> EntryRow:
        """Take another member out of the team. For the captain."""
        return self._write("POST", EntryRow, ("competitions", slug, "team", "remove"), {"member": member})

    def leave_team(self, slug: str) -> None:
        """Leave the team; what one submitted stays with it."""
        self._do("POST", ("competitions", slug, "team", "leave"), None)

    def list_follows(self) -> FollowList:
        """List what the caller follows, the latest first."""
        return self._get(FollowList, ("me", "follows"), {})

    def follow(self, *, topic: str) -> FollowList:
        """Follow a competition, as `competition:connect-four`, or the agents of an entry, as `agents:12`."""
        return self._write("POST", FollowList, ("me", "follows"), {"topic": topic})

    def unfollow(self, *, topic: str) -> FollowList:
        """Follow something no longer."""
        return self._write("POST", FollowList, ("me", "follows", "end"), {"topic": topic})
