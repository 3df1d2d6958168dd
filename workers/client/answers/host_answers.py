"""What the API answers, in the shapes of host. Made by `python -m tests.client_calls`."""

from datetime import datetime
from typing import Any

from workers.client.answers.base import Answer, Listing
from workers.client.answers.match_answers import MatchRow


class Figures(Answer, frozen=True):
    """How far the teams and matches of a competition came."""

    teams: int
    submissions: dict[str, int]
    """By state, baselines left out."""
    matches: dict[str, int]
    """By state."""
    failures: dict[str, int]
    """Of rejected submissions, by code."""


class Integrity(Answer, frozen=True):
    """What a person should look at; the monitor judges nobody."""

    phase: str
    matches: int
    """How many it looked at."""
    pairs: tuple[dict[str, Any], ...]  # Any: JSON, as the monitor writes it
    forfeits: tuple[dict[str, Any], ...]
    moved: tuple[dict[str, Any], ...]
    clones: tuple[dict[str, Any], ...]
    audits: dict[str, int]
    """By verdict."""
    uncounted: tuple[MatchRow, ...]
    """The latest 50 that are not rated."""


class PanelAgent(Answer, frozen=True):
    """An agent of the host's own."""

    submission: str
    agent: str
    role: str
    """`main`, `background` or `holdout`."""


class PanelCheckRow(Answer, frozen=True):
    """How the first of the board did against the agents held out."""

    started_at: datetime
    finished_at: datetime | None
    rows: tuple[dict[str, Any], ...]
    """For each agent: submission, gap, low, high (rating points), episodes."""


class Panel(Answer, frozen=True):
    """A host's own agents and the last check."""

    agents: tuple[PanelAgent, ...]
    check: PanelCheckRow | None


class AnnouncementRow(Answer, frozen=True):
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


class AnnouncementPage(Listing, frozen=True):
    """A page of announcements."""

    items: tuple[AnnouncementRow, ...]
    next: str | None
