"""Calls of the group phases. Made by `python -m tests.client_calls`."""

# ruff: noqa: E501

from collections.abc import Iterator, Sequence
from datetime import datetime

from workers.client.answers.phase_answers import ContenderRow, Finalists, PhaseDetail, PhasePage, PhaseRow
from workers.client.calls import Calls


class PhasesCalls(Calls):
    """Calls of the group phases."""

    def list_phases(self, slug: str, *, most: int | None = None) -> Iterator[PhaseRow]:
        """List a competition's seasons and finals, the latest first."""
        return self._list(PhasePage, ("competitions", slug, "phases"), {}, most=most)

    def get_phase(self, slug: str, phase_slug: str) -> PhaseDetail:
        """Return a season or a final with who has a place in it."""
        return self._get(PhaseDetail, ("competitions", slug, "phases", phase_slug), {})

    def name_finalists(self, slug: str, phase_slug: str, *, submissions: Sequence[str]) -> Finalists:
        """Name the finalists of the caller's team instead of those named before; none leaves it to the rule."""
        return self._write(
            "POST",
            Finalists,
            ("competitions", slug, "phases", phase_slug, "finalists"),
            {"submissions": submissions},
        )

    def withdraw_contender(self, slug: str, phase_slug: str, *, submission: str, reason: str) -> ContenderRow:
        """Take an agent's place: a host anybody's, an owner their own in a final that is under way."""
        return self._write(
            "POST",
            ContenderRow,
            ("competitions", slug, "phases", phase_slug, "withdraw"),
            {"submission": submission, "reason": reason},
        )

    def close_season(
        self, slug: str, *, reason: str | None = None, keeps_champion: bool | None = None
    ) -> PhaseRow:
        """Close the season that is open: pairing stops, the field is fixed, the seeds are revealed."""
        return self._write(
            "POST",
            PhaseRow,
            ("competitions", slug, "season", "close"),
            {"reason": reason, "keeps_champion": keeps_champion},
        )

    def open_season(self, slug: str) -> PhaseRow:
        """Open the next season: fresh seeds and an empty board; agents stay in play."""
        return self._write("POST", PhaseRow, ("competitions", slug, "season", "open"), None)

    def announce_final(
        self,
        slug: str,
        *,
        naming_ends_at: datetime,
        finalists_per_owner: int | None = None,
        prize_places: int | None = None,
        budget_episodes: int | None = None,
        cuts: Sequence[int] | None = None,
    ) -> PhaseRow:
        """Announce a final: submissions are locked from now on, and owners name their finalists until a time."""
        return self._write(
            "POST",
            PhaseRow,
            ("competitions", slug, "final"),
            {
                "naming_ends_at": naming_ends_at,
                "finalists_per_owner": finalists_per_owner,
                "prize_places": prize_places,
                "budget_episodes": budget_episodes,
                "cuts": cuts,
            },
        )

    def move_final_deadline(
        self, slug: str, *, naming_ends_at: datetime, reason: str | None = None
    ) -> PhaseRow:
        """Give owners another time until which they name finalists, while the final has not begun."""
        return self._write(
            "POST",
            PhaseRow,
            ("competitions", slug, "final", "deadline"),
            {"naming_ends_at": naming_ends_at, "reason": reason},
        )

    def cancel_final(self, slug: str, *, reason: str | None = None) -> None:
        """Take back a final that has not begun; submissions are open again."""
        self._do("POST", ("competitions", slug, "final", "cancel"), {"reason": reason})

    def declare_final(self, slug: str, *, reason: str | None = None) -> PhaseRow:
        """Make the result of a final that is over official."""
        return self._write("POST", PhaseRow, ("competitions", slug, "final", "declare"), {"reason": reason})
