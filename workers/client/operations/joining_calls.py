"""Calls of the group joining. Made by `python -m tests.client_calls`."""

# ruff: noqa: E501

from collections.abc import Iterator

from workers.client.answers.competition_answers import (
    EntryPage,
    EntryRow,
    InvitationMade,
    JoinRequestPage,
    JoinRequestRow,
    RulesRow,
)
from workers.client.calls import Calls


class JoiningCalls(Calls):
    """Calls of the group joining."""

    def get_rules(self, slug: str) -> RulesRow:
        """Return the rules in force with their version, and which version the caller accepted last."""
        return self._get(RulesRow, ("competitions", slug, "rules"), {})

    def accept_rules(
        self, slug: str, *, version: int | None = None, invitation: str | None = None, note: str | None = None
    ) -> RulesRow:
        """Accept the rules in force, after they changed; `{"version": 2}` says which ones were read."""
        return self._write(
            "POST",
            RulesRow,
            ("competitions", slug, "rules", "accept"),
            {"version": version, "invitation": invitation, "note": note},
        )

    def join_competition(
        self, slug: str, *, version: int | None = None, invitation: str | None = None, note: str | None = None
    ) -> EntryRow | JoinRequestRow:
        """Join a competition and accept its rules; joining twice changes nothing.

        202 where the host decides: the request waits. `version` says which rules were read, `invitation` is the
        end of an invitation link, `note` is what the host reads.
        """
        return self._write_either(
            "POST",
            (EntryRow, JoinRequestRow),
            ("competitions", slug, "join"),
            {"version": version, "invitation": invitation, "note": note},
        )

    def list_entries(self, slug: str, *, most: int | None = None) -> Iterator[EntryRow]:
        """List the teams in a competition, the latest first."""
        return self._list(EntryPage, ("competitions", slug, "entries"), {}, most=most)

    def list_join_requests(self, slug: str, *, most: int | None = None) -> Iterator[JoinRequestRow]:
        """List who asked to be let in, the latest first; for hosts."""
        return self._list(JoinRequestPage, ("competitions", slug, "requests"), {}, most=most)

    def answer_join_request(
        self, slug: str, number: str, *, lets_in: bool, reason: str | None = None
    ) -> JoinRequestRow:
        """Let somebody in, or decline for a reason that the person reads; for hosts."""
        return self._write(
            "POST",
            JoinRequestRow,
            ("competitions", slug, "requests", number, "answer"),
            {"lets_in": lets_in, "reason": reason},
        )

    def renew_invitation(self, slug: str) -> InvitationMade:
        """Make a new invitation link to a competition that is joined by link; the one before counts no more."""
        return self._write("POST", InvitationMade, ("competitions", slug, "invitation"), None)
