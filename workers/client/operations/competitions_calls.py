"""Calls of the group competitions. Made by `python -m tests.client_calls`."""

# ruff: noqa: E501

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal, TypedDict, Unpack

from workers.client.answers.competition_answers import (
    ActPage,
    ActRow,
    CompetitionDetail,
    CompetitionPage,
    CompetitionRow,
    CompetitionWritten,
)
from workers.client.calls import Calls


class ChangeCompetitionFacts(TypedDict, total=False):
    """What `change_competition` takes; what is left out is as the API says."""

    title: str
    summary: str
    overview: str
    rules: str
    closes_at: datetime
    daily_submissions: int
    active_submissions: int
    target_matches: int


class CompetitionsCalls(Calls):
    """Calls of the group competitions."""

    def list_competitions(
        self,
        *,
        q: str | None = None,
        state: Literal["draft", "open", "paused", "closed"] | None = None,
        arena: str | None = None,
        mine: Literal["joined", "hosted"] | None = None,
        most: int | None = None,
    ) -> Iterator[CompetitionRow]:
        """List the competitions the caller may see, newest first."""
        return self._list(
            CompetitionPage,
            ("competitions",),
            {"q": q, "state": state, "arena": arena, "mine": mine},
            most=most,
        )

    def create_competition(self, content: bytes) -> CompetitionDetail:
        """Make a competition as a draft, from a few fields or from competition.toml, for people who may host."""
        return self._write("POST", CompetitionDetail, ("competitions",), content)

    def get_competition(self, slug: str) -> CompetitionDetail:
        """Return a competition with its texts, terms and limits, and the caller's quota in it."""
        return self._get(CompetitionDetail, ("competitions", slug), {})

    def change_competition(self, slug: str, **facts: Unpack[ChangeCompetitionFacts]) -> CompetitionDetail:
        """Change texts, end and limits of a competition; what is left out stays as it is. For its hosts."""
        return self._write("PATCH", CompetitionDetail, ("competitions", slug), facts)

    def get_competition_file(self, slug: str, path: Path | str) -> int:
        """Return competition.toml of a competition, for its hosts."""
        return self._save(path, ("competitions", slug, "competition.toml"), {})

    def put_competition_file(self, slug: str, content: bytes) -> CompetitionWritten:
        """Make a competition what competition.toml says: a new draft, or changes of the one that is there."""
        return self._write("PUT", CompetitionWritten, ("competitions", slug, "competition.toml"), content)

    def list_acts(self, slug: str, *, most: int | None = None) -> Iterator[ActRow]:
        """List what hosts, administrators and the platform did to a competition, newest first."""
        return self._list(ActPage, ("competitions", slug, "log"), {}, most=most)
