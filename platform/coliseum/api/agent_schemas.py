"""The shapes of agents that the API sends; fields may be added, never renamed."""

from datetime import datetime

from ninja import Schema

from coliseum.api.board_schemas import StandingRow


class VersionRow(Schema):
    """An agent of an entry that passed validation."""

    id: str
    """Submission id."""
    name: str
    number: int
    competition: str
    team: str
    team_id: str
    is_active: bool
    baseline: str
    url: str


class ExploitRow(Schema):
    """A trial of an agent that was made to beat another one."""

    submission: str
    agent: str
    team: str
    target: str
    purpose: str
    """`exploit`, or `control`: how it does against somebody who is not its target."""
    verdict: str
    matches: int
    episodes: int
    points: float | None
    """Mean share of points of the exploiter, 0 to 1."""
    decided_at: datetime | None


class ExploitList(Schema):
    """What exploiters found out."""

    items: list[ExploitRow]


class AgentDetail(VersionRow):
    """An agent as everybody may see it."""

    arena: str
    role: str
    suspended_at: datetime | None
    standing: StandingRow | None
    """Its row on the latest board it stands on."""
    versions: list[VersionRow]
    """The entry's latest 50 that passed validation, newest first."""
    exploits: list[ExploitRow]
    """Who was shown to beat it."""


class RatingRow(Schema):
    """A rating at one time."""

    phase: str
    at: datetime
    matches: int
    rating: float
    low: float
    high: float
    rank: int


class RatingPage(Schema):
    """A page of ratings."""

    items: list[RatingRow]
    next: str | None


class OpponentRow(Schema):
    """Somebody an agent met."""

    submission: str
    agent: str
    team: str
    matches: int
    ahead: int
    """In how many the agent finished ahead of this opponent."""
    level: int
    behind: int


class OpponentPage(Schema):
    """A page of opponents."""

    items: list[OpponentRow]
    next: str | None


class Versus(Schema):
    """Two agents head to head."""

    a: str
    b: str
    unit: str
    """What they met in: `matches`, or `scenarios` where each plays alone."""
    meetings: int
    episodes: int
    won: int
    """By a."""
    level: int
    lost: int
    share: float | None
    """Of the points for a, 0 to 1; null before they met."""
    low: float
    high: float
    """Of the share, at 95 % at any time."""
    better: str | None
    """Submission id of the one that may be called better."""
    shown_after: int | None
    """Meetings after which that was shown."""
