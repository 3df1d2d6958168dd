"""Calls of the group hosting. Made by `python -m tests.client_calls`."""

# ruff: noqa: E501

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from workers.client.answers.competition_answers import CompetitionDetail, EntryRow
from workers.client.answers.host_answers import (
    AnnouncementRow,
    Citation,
    Cost,
    Failures,
    Figures,
    Integrity,
    Panel,
    PanelAgent,
    PanelCheckRow,
)
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
        """Return how far teams and matches came, what waits, and what rejected submissions; for hosts."""
        return self._get(Figures, ("competitions", slug, "figures"), {})

    def get_integrity(self, slug: str) -> Integrity:
        """Return what a person should look at: strange pairs, forfeits, clones, what is not rated; for hosts."""
        return self._get(Integrity, ("competitions", slug, "integrity"), {})

    def list_failures(self, slug: str) -> Failures:
        """Return what rejected submissions, what goes wrong in matches, and whom it hit; for hosts."""
        return self._get(Failures, ("competitions", slug, "failures"), {})

    def write_to_rejected(self, slug: str, *, code: str, title: str, text: str) -> AnnouncementRow:
        """Write to the teams whose submissions a code rejected; nobody else reads it. For hosts."""
        return self._write(
            "POST",
            AnnouncementRow,
            ("competitions", slug, "failures", "write"),
            {"code": code, "title": title, "text": text},
        )

    def get_cost(self, slug: str) -> Cost:
        """Return what the matches took and what is kept of them; for hosts."""
        return self._get(Cost, ("competitions", slug, "cost"), {})

    def get_citation(self, slug: str) -> Citation:
        """Return how a paper cites the competition, as BibTeX; for hosts."""
        return self._get(Citation, ("competitions", slug, "citation"), {})

    def get_archive(self, slug: str, path: Path | str, *, replays: bool | None = None) -> int:
        """Return one zip of all: what was agreed, who took part, results, ledgers, replays; for hosts.

        It is made while it is sent. Seeds that are still being played are in none of its files.
        """
        return self._save(path, ("competitions", slug, "archive"), {"replays": replays})

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
