"""What the API answers, in the shapes of phase. Made by `python -m tests.client_calls`."""

from datetime import datetime
from typing import Any

from workers.client.answers.base import Answer, Listing


class PhaseRow(Answer, frozen=True):
    """A season or a final."""

    slug: str
    title: str
    kind: str
    """`public` is a season, `final` decides."""
    number: int
    state: str
    opened_at: datetime | None
    closed_at: datetime | None
    naming_ends_at: datetime | None
    """Of a final: until when owners name finalists."""
    settled_at: datetime | None
    declared_at: datetime | None
    verdict: str
    options: dict[str, Any]  # Any: what the host chose, by name
    seed_commit: str
    """SHA-256 of the secret that all seeds are drawn from."""
    seed_secret: str | None
    """null until it is revealed."""
    revealed_at: datetime | None
    url: str


class PhasePage(Listing, frozen=True):
    """A page of seasons and finals."""

    items: tuple[PhaseRow, ...]
    next: str | None


class ContenderRow(Answer, frozen=True):
    """An agent with a place of its own in a phase."""

    submission: str
    agent: str
    team: str
    place: int | None
    """Shared where nothing separates; null until the phase is settled."""
    named: bool
    """Whether its owner named it; else a rule did."""
    cut_at: int | None
    withdrawn_at: datetime | None
    withdrawn_reason: str


class PhaseDetail(PhaseRow, frozen=True):
    """A season or a final in full."""

    matches: int
    contenders: tuple[ContenderRow, ...]
    """The first 300, the best first."""


class Finalists(Answer, frozen=True):
    """Whom a team has named."""

    phase: str
    named: tuple[str, ...]
    """Submission ids; none leaves the choice to the rule."""
