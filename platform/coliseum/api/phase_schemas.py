"""The shapes of seasons and finals that the API sends; fields may be added, never renamed."""

from datetime import datetime
from typing import Any

from ninja import Schema


class PhaseRow(Schema):
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


class PhasePage(Schema):
    """A page of seasons and finals."""

    items: list[PhaseRow]
    next: str | None


class ContenderRow(Schema):
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


class PhaseDetail(PhaseRow):
    """A season or a final in full."""

    matches: int
    contenders: list[ContenderRow]
    """The first 300, the best first."""


class Finalists(Schema):
    """Whom a team has named."""

    phase: str
    named: list[str]
    """Submission ids; none leaves the choice to the rule."""
