"""The shapes that the API sends; fields may be added, never renamed."""

from datetime import datetime
from typing import Any

from ninja import Schema


class SeatRow(Schema):
    """One member of a match's line-up."""

    position: int
    agent: str
    submission: str
    team: str
    outcome: str
    """Empty until the match is finished."""
    score: float | None
    rank: int | None


class MatchRow(Schema):
    """A match in a list."""

    id: str
    competition: str
    arena: str
    kind: str
    state: str
    queued_at: datetime
    finished_at: datetime | None
    seats: list[SeatRow]
    url: str


class MatchPage(Schema):
    """A page of matches."""

    items: list[MatchRow]
    next: str | None


class EpisodeSeat(Schema):
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


class EpisodeRow(Schema):
    """One episode of a match."""

    index: int
    seed: int | None
    """null while others still play it."""
    seating: list[int]
    turns: int
    truncated: bool
    digest: str
    seats: list[EpisodeSeat]


class MatchSeat(SeatRow):
    """One member of a line-up, in full."""

    forfeits: int
    usage: dict[str, Any] | None  # Any: workers.spec.AgentUsage as JSON
    """Times, memory and log; for the agent's owners."""


class MatchDetail(Schema):
    """A match in full."""

    id: str
    competition: str
    arena: str
    kind: str
    state: str
    queued_at: datetime
    finished_at: datetime | None
    queue_place: int
    """How many matches will be played before this one."""
    attempt: int
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
    seats: list[MatchSeat]
    episodes: list[EpisodeRow]
    url: str


class ReplaySeat(Schema):
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


class ReplayEpisode(Schema):
    """One episode, to be played again."""

    seed: int
    seating: list[int]
    actions: str
    """Base64 of the action log."""
    digest: str
    turns: int
    truncated: bool
    seats: list[ReplaySeat]


class ReplayFile(Schema):
    """What `coliseum verify FILE` reads."""

    format: int
    arena: str
    match: str
    digest: str
    episodes: list[ReplayEpisode]
    versions: dict[str, str]


class CompetitionRow(Schema):
    """A competition in a list."""

    slug: str
    title: str
    arena: str
    state: str
    summary: str
    opens_at: datetime
    closes_at: datetime | None
    entries: int
    url: str


class CompetitionPage(Schema):
    """A page of competitions."""

    items: list[CompetitionRow]
    next: str | None


class CompetitionDetail(CompetitionRow):
    """A competition in full."""

    overview: str
    rules: str
    daily_submissions: int
    active_submissions: int
    target_matches: int
    hosts: list[str]
    joined: bool
    submissions_left: int | None
    """Of the caller's team today; null before joining."""
    submissions_reset_at: datetime | None


class CompetitionWritten(CompetitionDetail):
    """A competition after its file was sent."""

    created: bool
    """Whether it was made now."""
    changed: list[str]
    """Keys of the file that changed it, as `dates.closes_at`; empty for a new one."""


class StandingRow(Schema):
    """One row of a leaderboard."""

    rank: int
    rank_low: int
    rank_high: int
    agent: str
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
    episodes_to_next: float | None
    roles: list[dict[str, Any]]
    flags: list[str]
    episodes: int
    opponents: int


class OfficialTable(Schema):
    """The latest table that was fitted from exactly what the ledger holds."""

    root: str
    digest: str
    matches: int
    lines: int
    sealed_at: datetime


class Leaderboard(Schema):
    """A leaderboard as it was computed last."""

    items: list[StandingRow]
    phase: str
    matches: int
    computed_at: datetime | None
    digest: str
    root: str
    """Of the ledger this table was computed from; empty while it knows results that are not sealed yet."""
    official: OfficialTable | None


class EntryRow(Schema):
    """A team in a competition."""

    competition: str
    team: str
    team_id: str
    members: list[str]
    joined_at: datetime
    disqualified: bool
    disqualified_reason: str


class CheckRow(Schema):
    """One step of the validation ladder."""

    name: str
    ok: bool
    code: str
    message: str
    hint: str
    seconds: float
    evidence: str = ""


class SubmissionRow(Schema):
    """A submission in a list."""

    id: str
    number: int
    name: str
    competition: str
    team: str
    state: str
    is_active: bool
    baseline: str
    uploaded_at: datetime
    validated_at: datetime | None
    url: str


class SubmissionPage(Schema):
    """A page of submissions."""

    items: list[SubmissionRow]
    next: str | None


class TrialRow(Schema):
    """A series of matches of a submission against another one, judged after every match."""

    purpose: str
    """`gate`, `exploit` or `control`."""
    opponent: str
    verdict: str
    """`open`, `better`, `not_better`, `undecided` or `dropped`."""
    matches: int
    episodes: int
    most_episodes: int
    points: float | None
    """Mean share of points of the submission, 0 to 1."""
    decided_at: datetime | None


class SubmissionDetail(SubmissionRow):
    """A submission; what is null here is for its owners."""

    code: str
    """`ok`, an outcome or a refusal code; empty until there is a verdict."""
    message: str
    hint: str
    note: str | None
    original_name: str | None
    digest: str | None
    size_bytes: int | None
    checks: list[CheckRow] | None
    usage: dict[str, Any] | None  # Any: workers.spec.AgentUsage as JSON
    only_if_better: bool
    suspended_at: datetime | None
    """Since when it is out of play because it forfeits too often."""
    trials: list[TrialRow]
    submissions_left: int | None
    submissions_reset_at: datetime | None


class BaselineRow(Schema):
    """An agent that comes with an arena."""

    name: str
    title: str
    description: str


class ArenaRow(Schema):
    """An arena."""

    id: str
    title: str
    summary: str
    kind: str
    seats: int
    lineup: int
    """How many agents meet; where it is less than seats, one agent takes several."""
    roles: list[str]
    objective: str
    swaps_seats: bool
    episodes: int
    max_turns: int
    illegal_action: str
    limits: dict[str, float]
    """Seconds and bytes by name."""
    baselines: list[BaselineRow]
    tags: list[str]


class ArenaList(Schema):
    """All arenas."""

    items: list[ArenaRow]


class TeamRow(Schema):
    """A team of the caller's."""

    id: str
    name: str


class Me(Schema):
    """Who calls."""

    name: str
    is_staff: bool
    may_host: bool
    scopes: list[str] | None
    """Of the token; null for a browser."""
    teams: list[TeamRow]
