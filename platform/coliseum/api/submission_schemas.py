"""The shapes of submissions that the API sends; fields may be added, never renamed."""

from datetime import datetime
from typing import Any

from ninja import Schema


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
    code: str
    """`ok`, an outcome or a refusal code; empty until there is a verdict."""
    role: str
    baseline: str
    uploaded_at: datetime
    validated_at: datetime | None
    url: str


class SubmissionList(Schema):
    """A few submissions."""

    items: list[SubmissionRow]


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

    is_mine: bool
    """Whether the caller is of its team."""
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
    retried_at: datetime | None
    """When its owner last asked for another validation."""
    trials: list[TrialRow]
    submissions_left: int | None
    submissions_reset_at: datetime | None
