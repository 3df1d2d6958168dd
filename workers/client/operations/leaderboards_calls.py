"""Calls of the group leaderboards. Made by `python -m tests.client_calls`."""

from pathlib import Path

from workers.client.answers.board_answers import Leaderboard, PlotContent, PlotList
from workers.client.calls import Calls


class LeaderboardsCalls(Calls):
    """Calls of the group leaderboards."""

    def get_leaderboard(
        self,
        slug: str,
        *,
        phase: str | None = None,
        view: str | None = None,
        division: int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> Leaderboard:
        """Return the leaderboard of the phase shown now, or of one named, a page at a time.

        Send the answer's `ETag` back in `If-None-Match`, and an unchanged board is 304.
        """
        return self._get(
            Leaderboard,
            ("competitions", slug, "leaderboard"),
            {"phase": phase, "view": view, "division": division, "limit": limit, "cursor": cursor},
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
