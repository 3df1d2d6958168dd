"""What the API answers, in the shapes of match. Made by `python -m tests.client_calls`."""

from datetime import datetime
from typing import Any

from workers.client.answers.base import Answer, Listing


class SeatRow(Answer, frozen=True):
    """One member of a match's line-up."""

    position: int
    agent: str
    version: int
    submission: str
    team: str
    outcome: str
    """Empty until the match is finished."""
    score: float | None
    rank: int | None


class MatchRow(Answer, frozen=True):
    """A match in a list."""

    id: str
    competition: str
    arena: str
    phase: str | None
    """Whose leaderboard it counts for, as `public-1`; null for all but league matches."""
    kind: str
    state: str
    counted: bool
    """False where it was voided or is in quarantine: kept, shown, not rated."""
    queued_at: datetime
    finished_at: datetime | None
    seats: tuple[SeatRow, ...]
    url: str


class MatchPage(Listing, frozen=True):
    """A page of matches."""

    items: tuple[MatchRow, ...]
    next: str | None


class EpisodeSeat(Answer, frozen=True):
    """What one seat did in one episode."""

    agent: int
    """Index into the match's seats."""
    outcome: str
    rank: int
    score: float
    total_reward: float
    turns: int
    think_seconds: float
    slowest_seconds: float
    failed_turn: int
    message: str | None
    """Cause of a forfeit; for the agent's owners."""
    evidence: str | None
    """Traceback or observation; for the agent's owners."""


class EpisodeRow(Answer, frozen=True):
    """One episode of a match."""

    index: int
    seed: int | None
    """null while others still play it."""
    seating: tuple[int, ...]
    turns: int
    truncated: bool
    digest: str
    seats: tuple[EpisodeSeat, ...]


class MatchSeat(SeatRow, frozen=True):
    """One member of a line-up, in full."""

    forfeits: int
    usage: dict[str, Any] | None  # Any: workers.spec.AgentUsage as JSON
    """Times, memory and log; for the agent's owners."""


class AuditRow(Answer, frozen=True):
    """The second playing of a match."""

    verdict: str
    """`waiting`, `reproduced`, `replayed`, `differs` or `unplayed`."""
    note: str


class MatchDetail(Answer, frozen=True):
    """A match in full."""

    id: str
    competition: str
    arena: str
    phase: str | None
    kind: str
    state: str
    counted: bool
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    queue_place: int
    """How many matches will be played before this one."""
    attempt: int
    reason: str
    """Why it was paired: newcomer, explore, gain, floor, validation, ..."""
    propensity: float
    """Probability with which this pairing was chosen."""
    error: str
    """Our fault in the last attempt, if any; it counts for nobody."""
    isolation: int | None
    """How agents were held, 0 to 4; null until it was played."""
    isolation_label: str
    seconds: float
    speed: float
    """The worker's; 1 is the reference machine."""
    limit_factor: float
    """What the limits in seconds were multiplied by: above 1 on a worker slower than the reference."""
    digest: str
    versions: dict[str, str]
    audit: AuditRow | None
    """What playing it a second time found, where it was drawn for that."""
    seats: tuple[MatchSeat, ...]
    episodes: tuple[EpisodeRow, ...]
    url: str


class ReplaySeat(Answer, frozen=True):
    """What one seat did, as `coliseum verify` needs it."""

    agent: int
    outcome: str
    rank: int
    score: float
    total_reward: float
    turns: int
    think_seconds: float
    slowest_seconds: float
    failed_turn: int


class ReplayEpisode(Answer, frozen=True):
    """One episode, to be played again."""

    seed: int
    seating: tuple[int, ...]
    actions: str
    """Base64 of the action log."""
    digest: str
    turns: int
    truncated: bool
    seats: tuple[ReplaySeat, ...]


class ReplayFile(Answer, frozen=True):
    """What `coliseum verify FILE` reads."""

    format: int
    arena: str
    match: str
    digest: str
    episodes: tuple[ReplayEpisode, ...]
    versions: dict[str, str]


class PicturesRow(Answer, frozen=True):
    """How the pictures of an episode stand."""

    state: str
    """`absent`, `making`, `ready` or `failed`."""
    message: str
    """Why there are none, where they failed."""
    seconds: int
    """How long making them takes, about."""
    url: str | None
    """Where the animated WebP is, once it is ready."""


class Acted(Answer, frozen=True):
    """What was done with several matches, or would be."""

    done: tuple[str, ...]
    """Ids of the matches it was done with; of a rerun, those that are queued now."""
    unfit: int
    """How many of those chosen it cannot be done with."""
    is_preview: bool
