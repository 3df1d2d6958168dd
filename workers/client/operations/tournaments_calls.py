"""Calls of the group tournaments. Made by `python -m tests.client_calls`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Required, TypedDict, Unpack

from workers.client.answers.tournament_answers import (
    PreviewRow,
    TournamentDetail,
    TournamentPage,
    TournamentRow,
)
from workers.client.calls import Calls


class CreateTournamentFacts(TypedDict, total=False):
    """What `create_tournament` takes; what is left out is as the API says."""

    title: Required[str]
    format: Required[str]
    options: Mapping[str, object]
    source: str
    size: int
    chosen: Sequence[str]
    seeding: str
    release: str
    starts_at: datetime


class ChangeTournamentFacts(TypedDict, total=False):
    """What `change_tournament` takes; what is left out is as the API says."""

    title: Required[str]
    format: Required[str]
    options: Mapping[str, object]
    source: str
    size: int
    chosen: Sequence[str]
    seeding: str
    release: str
    starts_at: datetime


class TournamentsCalls(Calls):
    """Calls of the group tournaments."""

    def list_tournaments(self, slug: str, *, most: int | None = None) -> Iterator[TournamentRow]:
        """List a competition's tournaments, newest first; drafts without a date are for its hosts."""
        return self._list(TournamentPage, ("competitions", slug, "tournaments"), {}, most=most)

    def create_tournament(self, slug: str, **facts: Unpack[CreateTournamentFacts]) -> TournamentDetail:
        """Make a tournament as a draft; for the competition's hosts."""
        return self._write("POST", TournamentDetail, ("competitions", slug, "tournaments"), facts)

    def get_tournament(self, tournament_id: str) -> TournamentDetail:
        """Return a tournament with entrants, pairings and places; what is held back is for its hosts."""
        return self._get(TournamentDetail, ("tournaments", tournament_id), {})

    def change_tournament(
        self, tournament_id: str, **facts: Unpack[ChangeTournamentFacts]
    ) -> TournamentDetail:
        """Make a draft what the body says; what is left out gets its default."""
        return self._write("PUT", TournamentDetail, ("tournaments", tournament_id), facts)

    def preview_tournament(self, tournament_id: str) -> PreviewRow:
        """Return what a draft would be if it started now: who, how many matches, how long; for its hosts."""
        return self._get(PreviewRow, ("tournaments", tournament_id, "preview"), {})

    def start_tournament(self, tournament_id: str) -> TournamentDetail:
        """Fix the field and the seeds and pair the first round."""
        return self._write("POST", TournamentDetail, ("tournaments", tournament_id, "start"), None)

    def pause_tournament(self, tournament_id: str, *, reason: str | None = None) -> TournamentDetail:
        """Stop a tournament: what is being played ends, nothing new begins."""
        return self._write(
            "POST", TournamentDetail, ("tournaments", tournament_id, "pause"), {"reason": reason}
        )

    def resume_tournament(self, tournament_id: str) -> TournamentDetail:
        """Let a paused tournament go on."""
        return self._write("POST", TournamentDetail, ("tournaments", tournament_id, "resume"), None)

    def release_results(self, tournament_id: str, *, everything: bool | None = None) -> TournamentDetail:
        """Show everybody the first round that is held back, or everything once no more is played."""
        return self._write(
            "POST", TournamentDetail, ("tournaments", tournament_id, "release"), {"everything": everything}
        )

    def withdraw_entrant(
        self,
        tournament_id: str,
        *,
        submission: str,
        disqualified: bool | None = None,
        reason: str | None = None,
    ) -> TournamentDetail:
        """Take an agent out of a tournament, for everybody to read why."""
        return self._write(
            "POST",
            TournamentDetail,
            ("tournaments", tournament_id, "withdraw"),
            {"submission": submission, "disqualified": disqualified, "reason": reason},
        )

    def cancel_tournament(self, tournament_id: str, *, reason: str | None = None) -> TournamentDetail:
        """End a tournament without a champion."""
        return self._write(
            "POST", TournamentDetail, ("tournaments", tournament_id, "cancel"), {"reason": reason}
        )
