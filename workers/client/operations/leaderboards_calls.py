"""Calls of the group leaderboards. Made by `python -m tests.client_calls`."""

from pathlib import Path
from typing import TypedDict, Unpack

from workers.client.answers.board_answers import Leaderboard, PastLeaderboard, PlotContent, PlotList
from workers.client.calls import Calls


class GetLeaderboardFacts(TypedDict, total=False):
    """What `get_leaderboard` takes; what is left out is as the API says."""

    phase: str
    view: str
    q: str
    division: int
    limit: int
    cursor: str


class LeaderboardsCalls(Calls):
    """Calls of the group leaderboards."""

    def get_leaderboard(self, slug: str, **facts: Unpack[GetLeaderboardFacts]) -> Leaderboard:
        """Return the leaderboard of the phase shown now, or of one named, a page at a time.

        Send the answer's `ETag` back in `If-None-Match`, and an unchanged board is 304.
        """
        return self._get(Leaderboard, ("competitions", slug, "leaderboard"), facts)

    def get_past_leaderboard(
        self,
        slug: str,
        day: str,
        *,
        phase: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PastLeaderboard:
        """Return the leaderboard as it stood at the end of a day (UTC) that is over, a page at a time."""
        return self._get(
            PastLeaderboard,
            ("competitions", slug, "leaderboard", "days", day),
            {"phase": phase, "limit": limit, "cursor": cursor},
        )

    def list_plots(self, slug: str, *, phase: str | None = None) -> PlotList:
        """List the plots that a phase's leaderboard has."""
        return self._get(PlotList, ("competitions", slug, "plots"), {"phase": phase})

    def get_plot(self, slug: str, name: str, *, phase: str | None = None) -> PlotContent:
        """Return the numbers of one plot; agents are named by submission id."""
        return self._get(PlotContent, ("competitions", slug, "plots", name), {"phase": phase})

    def get_ledger(self, slug: str, path: Path | str, *, phase: str | None = None) -> int:
        """Return all sealed results of a phase as `coliseum rerate` reads them: JSONL."""
        return self._save(path, ("competitions", slug, "ledger"), {"phase": phase})
