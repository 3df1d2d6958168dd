"""Calls of the group submissions. Made by `python -m tests.client_calls`."""

# ruff: noqa: E501

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from workers.client.answers.submission_answers import (
    SubmissionDetail,
    SubmissionList,
    SubmissionPage,
    SubmissionRow,
)
from workers.client.calls import Calls


class SubmissionsCalls(Calls):
    """Calls of the group submissions."""

    def list_submissions(
        self,
        *,
        competition: str | None = None,
        state: Literal["uploaded", "validating", "ready", "rejected", "retired"] | None = None,
        active: bool | None = None,
        most: int | None = None,
    ) -> Iterator[SubmissionRow]:
        """List the submissions of the caller's teams, newest first."""
        return self._list(
            SubmissionPage,
            ("submissions",),
            {"competition": competition, "state": state, "active": active},
            most=most,
        )

    def get_submission(self, submission_id: str) -> SubmissionDetail:
        """Return a submission: its owners see all, others only agents that passed validation."""
        return self._get(SubmissionDetail, ("submissions", submission_id), {})

    def get_package(self, submission_id: str, path: Path | str) -> int:
        """Download the uploaded bytes: for the team, and for everybody where the host opened the code."""
        return self._save(path, ("submissions", submission_id, "package"), {})

    def get_reproduction(self, submission_id: str, path: Path | str) -> int:
        """Download what plays the validation again at home: agent, seeds, limits, one command. For the team."""
        return self._save(path, ("submissions", submission_id, "reproduction"), {})

    def list_versions(self, submission_id: str) -> SubmissionList:
        """List the versions of the same entry, newest first: all for its team, else those that passed."""
        return self._get(SubmissionList, ("submissions", submission_id, "versions"), {})

    def activate_submission(self, submission_id: str) -> SubmissionDetail:
        """Let an agent play in the league."""
        return self._write("POST", SubmissionDetail, ("submissions", submission_id, "activate"), None)

    def deactivate_submission(self, submission_id: str) -> SubmissionDetail:
        """Take an agent out of the league; its results stay."""
        return self._write("POST", SubmissionDetail, ("submissions", submission_id, "deactivate"), None)

    def roll_back(self, submission_id: str) -> SubmissionDetail:
        """Put a version into play instead of the later ones."""
        return self._write("POST", SubmissionDetail, ("submissions", submission_id, "roll-back"), None)

    def retry_submission(self, submission_id: str) -> SubmissionDetail:
        """Ask for another validation of a suspended agent, once a day; one that passes is back in play."""
        return self._write("POST", SubmissionDetail, ("submissions", submission_id, "retry"), None)

    def exploit(self, submission_id: str, *, target: str) -> SubmissionDetail:
        """Enter an agent as an exploiter of one of the first of the board: it plays that and nothing else."""
        return self._write(
            "POST", SubmissionDetail, ("submissions", submission_id, "exploit"), {"target": target}
        )

    def change_note(self, submission_id: str, *, note: str) -> SubmissionDetail:
        """Keep what the team wants to remember of a version."""
        return self._write("PUT", SubmissionDetail, ("submissions", submission_id, "note"), {"note": note})
