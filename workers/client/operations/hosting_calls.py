"""Calls of the group hosting. Made by `python -m tests.client_calls`."""

# ruff: noqa: E501

from collections.abc import Sequence
from typing import Literal

from workers.client.answers.competition_answers import CompetitionDetail, EntryRow
from workers.client.answers.host_answers import Figures, Integrity, Panel, PanelAgent, PanelCheckRow
from workers.client.answers.match_answers import Acted
from workers.client.answers.submission_answers import SubmissionList
from workers.client.calls import Calls


class HostingCalls(Calls):
    """Calls of the group hosting."""

    def move_competition(self, slug: str, *, state: str, reason: str | None = None) -> CompetitionDetail:
        """Open, pause, resume or close a competition; for its hosts."""
        return self._write(
            "POST", CompetitionDetail, ("competitions", slug, "state"), {"state": state, "reason": reason}
        )

    def disqualify_team(self, slug: str, *, team: str, reason: str) -> EntryRow:
        """Take a team out of a competition for a reason everybody can read; for its hosts."""
        return self._write(
            "POST", EntryRow, ("competitions", slug, "disqualify"), {"team": team, "reason": reason}
        )

    def reinstate_team(self, slug: str, *, team: str, reason: str) -> EntryRow:
        """Let a disqualified team back in for a reason everybody can read; for its hosts."""
        return self._write(
            "POST", EntryRow, ("competitions", slug, "reinstate"), {"team": team, "reason": reason}
        )

    def enter_baselines(self, slug: str) -> SubmissionList:
        """Enter the arena's own agents for the house, so that there is somebody to meet; twice is once."""
        return self._write("POST", SubmissionList, ("competitions", slug, "baselines"), None)

    def calibrate(self, slug: str) -> CompetitionDetail:
        """Have the house's agents play, to find out how matches should be played here."""
        return self._write("POST", CompetitionDetail, ("competitions", slug, "calibration"), None)

    def get_figures(self, slug: str) -> Figures:
        """Return how far teams and matches came, and what rejected submissions; for hosts."""
        return self._get(Figures, ("competitions", slug, "figures"), {})

    def get_integrity(self, slug: str) -> Integrity:
        """Return what a person should look at: strange pairs, forfeits, clones, what is not rated; for hosts."""
        return self._get(Integrity, ("competitions", slug, "integrity"), {})

    def get_panel(self, slug: str) -> Panel:
        """Return the host's own agents with their roles, and the last check against those held out."""
        return self._get(Panel, ("competitions", slug, "panel"), {})

    def set_role(self, slug: str, *, submission: str, role: str) -> PanelAgent:
        """Say what one of the host's own agents is for: `main`, `background` or `holdout`."""
        return self._write(
            "POST",
            PanelAgent,
            ("competitions", slug, "panel", "role"),
            {"submission": submission, "role": role},
        )

    def check_against_panel(self, slug: str) -> PanelCheckRow:
        """Have the first of the board meet the held-out agents; one that is under way is the answer."""
        return self._write("POST", PanelCheckRow, ("competitions", slug, "panel", "check"), None)

    def act_on_matches(
        self,
        slug: str,
        *,
        act: Literal["void", "restore", "rerun"],
        matches: Sequence[str] | None = None,
        submission: str | None = None,
        reason: str | None = None,
        is_preview: bool | None = None,
    ) -> Acted:
        """Void, restore or play again up to 500 league matches, by id or all of one agent; for hosts.

        With `is_preview` nothing happens: the answer says what it would be done with.
        """
        return self._write(
            "POST",
            Acted,
            ("competitions", slug, "matches", "act"),
            {
                "act": act,
                "matches": matches,
                "submission": submission,
                "reason": reason,
                "is_preview": is_preview,
            },
        )
