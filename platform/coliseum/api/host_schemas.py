"""The shapes of what hosts look at, as the API sends them; fields may be added, never renamed."""

from datetime import datetime
from typing import Any

from ninja import Schema

from coliseum.api.match_schemas import MatchRow


class Figures(Schema):
    """How far the teams and matches of a competition came."""

    teams: int
    submissions: dict[str, int]
    """By state, baselines left out."""
    matches: dict[str, int]
    """By state."""
    failures: dict[str, int]
    """Of rejected submissions, by code."""


class Integrity(Schema):
    """What a person should look at; the monitor judges nobody."""

    phase: str
    matches: int
    """How many it looked at."""
    pairs: list[dict[str, Any]]  # Any: JSON, as the monitor writes it
    forfeits: list[dict[str, Any]]
    moved: list[dict[str, Any]]
    clones: list[dict[str, Any]]
    audits: dict[str, int]
    """By verdict."""
    uncounted: list[MatchRow]
    """The latest 50 that are not rated."""


class PanelAgent(Schema):
    """An agent of the host's own."""

    submission: str
    agent: str
    role: str
    """`main`, `background` or `holdout`."""


class PanelCheckRow(Schema):
    """How the first of the board did against the agents held out."""

    started_at: datetime
    finished_at: datetime | None
    rows: list[dict[str, Any]]
    """For each agent: submission, gap, low, high (rating points), episodes."""


class Panel(Schema):
    """A host's own agents and the last check."""

    agents: list[PanelAgent]
    check: PanelCheckRow | None


class AnnouncementRow(Schema):
    """What a host told the people of a competition."""

    id: str
    competition: str
    title: str
    text: str
    """Markdown; empty once it was taken back."""
    author: str | None
    """null where the platform wrote it."""
    is_public: bool
    is_pinned: bool
    is_automatic: bool
    code: str
    """The verdict whose owners it was sent to, where it was."""
    at: datetime
    changed_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str


class AnnouncementPage(Schema):
    """A page of announcements."""

    items: list[AnnouncementRow]
    next: str | None
