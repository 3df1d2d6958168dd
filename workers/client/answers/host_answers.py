"""What the API answers, in the shapes of host. Made by `python -m tests.client_calls`."""

from datetime import datetime
from typing import Any

from workers.client.answers.base import Answer, Listing
from workers.client.answers.match_answers import MatchRow
from workers.client.answers.status_answers import QueueRow


class FunnelRow(Answer, frozen=True):
    """How many teams came how far; the house is none of them."""

    joined: int
    submitted: int
    validated: int
    """With a submission that passed validation."""
    active: int
    """With an agent in play now."""


class Figures(Answer, frozen=True):
    """How far the teams and matches of a competition came."""

    teams: int
    submissions: dict[str, int]
    """By state, baselines left out."""
    matches: dict[str, int]
    """By state."""
    failures: dict[str, int]
    """Of rejected submissions, by code."""
    funnel: FunnelRow
    queue: QueueRow
    """Of this competition."""
    stuck: str
    """Why no worker can play its matches, as the end of a sentence; empty if one can."""


class AgentHit(Answer, frozen=True):
    """An agent that something went wrong with."""

    submission: str
    agent: str
    team: str
    count: int
    """How often."""


class RejectionRow(Answer, frozen=True):
    """A verdict that rejected submissions."""

    code: str
    meaning: str
    """In a sentence; empty for the code of a refusal."""
    submissions: int
    teams: int
    latest: str
    """The submission that was rejected last."""
    message: str
    """What its owners read."""
    agents: tuple[AgentHit, ...]
    """The latest few, one a team."""


class FaultRow(Answer, frozen=True):
    """What went wrong with agents in the latest 1,000 league matches, by outcome."""

    outcome: str
    meaning: str
    seats: int
    agents: tuple[AgentHit, ...]
    """The most often hit first, 50 at most."""


class Failures(Answer, frozen=True):
    """What goes wrong with the agents of a competition."""

    rejections: tuple[RejectionRow, ...]
    faults: tuple[FaultRow, ...]


class CostOfKind(Answer, frozen=True):
    """What the matches of one kind took."""

    kind: str
    matches: int
    seconds: float


class CostOfAgent(Answer, frozen=True):
    """What the matches of one agent took, whoever else played in them."""

    submission: str
    agent: str
    team: str
    matches: int
    seconds: float


class Cost(Answer, frozen=True):
    """What a competition has cost so far."""

    as_of: datetime
    """Two minutes old at most."""
    matches: int
    seconds: float
    """On the workers."""
    kinds: tuple[CostOfKind, ...]
    agents: tuple[CostOfAgent, ...]
    """The twenty dearest."""
    package_bytes: int
    """Of uploads."""
    record_bytes: int
    """Of records and replays, reckoned from the latest."""


class Citation(Answer, frozen=True):
    """How a paper cites a competition."""

    bibtex: str


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
