"""What the API answers, in the shapes of board. Made by `python -m tests.client_calls`."""

from datetime import date, datetime
from typing import Any

from workers.client.answers.base import Answer, Listing


class StandingRow(Answer, frozen=True):
    """One row of a leaderboard."""

    rank: int
    rank_low: int
    rank_high: int
    rank_before: int | None
    """At the end of the day `compared_with`; null for who was not rated yet."""
    agent: str
    version: int
    """Shown as v1, v2, v3."""
    submission: str
    team: str
    baseline: str
    rating: float
    low: float
    high: float
    matches: int
    wins: int
    draws: int
    losses: int
    forfeits: int
    provisional: bool
    p_best: float
    p_top3: float
    p_top10: float
    field_rate: float | None
    """Expected share of points against the whole field, owners weighing alike."""
    nash: float | None
    worst_opponent: str | None
    """Submission id."""
    worst_rate: float | None
    worst_low: float | None
    """How much the worst opponent surely wins beyond half of the points."""
    band: int
    """Agents of one band cannot be told from the best of it; 0 is the top."""
    division: int
    """Part of a large field it is shown in, from 1."""
    episodes_to_next: float | None
    roles: tuple[dict[str, Any], ...]
    flags: tuple[str, ...]
    episodes: int
    opponents: int
    turn_seconds: float | None
    """Median over its latest matches of the time that 99 % of its turns stayed below."""


class OfficialTable(Answer, frozen=True):
    """The latest table that was fitted from exactly what the ledger holds."""

    root: str
    digest: str
    matches: int
    lines: int
    sealed_at: datetime


class Leaderboard(Listing, frozen=True):
    """A leaderboard as it was computed last."""

    items: tuple[StandingRow, ...]
    next: str | None
    total: int
    """Agents on the board, or in the division."""
    phase: str
    view: str
    matches: int
    computed_at: datetime | None
    compared_with: date | None
    """The day (UTC) whose last board `rank_before` is of; null on the first day."""
    digest: str
    root: str
    """Of the ledger this table was computed from; empty while it knows results that are not sealed yet."""
    official: OfficialTable | None


class PastStandingRow(Answer, frozen=True):
    """One row of a leaderboard of a past day; agent, version and team as they are called today."""

    rank: int
    agent: str
    """Empty where the submission is gone altogether."""
    version: int
    submission: str
    team: str
    rating: float
    low: float
    high: float
    matches: int


class PastLeaderboard(Listing, frozen=True):
    """A leaderboard as it stood at the end of a day."""

    items: tuple[PastStandingRow, ...]
    next: str | None
    total: int
    phase: str
    kept_on: date | None
    """The day whose last board it is, if nothing was computed later; null before the first board."""
    matches: int


class PlotList(Listing, frozen=True):
    """Which plots a leaderboard has."""

    phase: str
    items: tuple[str, ...]


class PlotContent(Answer, frozen=True):
    """The numbers of one plot."""

    plot: str
    phase: str
    computed_at: datetime
    content: dict[str, Any]


class ExportTable(Answer, frozen=True):
    """A table that can be had whole."""

    name: str
    columns: dict[str, str]
    """`text`, `integer`, `real` or `boolean` by name, in order; the first is the key. Times are ISO 8601."""


class ExportList(Listing, frozen=True):
    """All tables."""

    items: tuple[ExportTable, ...]
