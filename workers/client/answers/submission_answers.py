"""What the API answers, in the shapes of submission. Made by `python -m tests.client_calls`."""

from datetime import datetime
from typing import Any

from workers.client.answers.base import Answer, Listing


class CheckRow(Answer, frozen=True):
    """One step of the validation ladder."""

    name: str
    ok: bool
    code: str
    message: str
    hint: str
    seconds: float
    evidence: str = ""


class SubmissionRow(Answer, frozen=True):
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


class SubmissionList(Listing, frozen=True):
    """A few submissions."""

    items: tuple[SubmissionRow, ...]


class SubmissionPage(Listing, frozen=True):
    """A page of submissions."""

    items: tuple[SubmissionRow, ...]
    next: str | None


class TrialRow(Answer, frozen=True):
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


class SubmissionDetail(SubmissionRow, frozen=True):
    """A submission; what is null here is for its owners."""

    is_mine: bool
    """Whether the caller is of its team."""
    message: str
    hint: str
    note: str | None
    original_name: str | None
    digest: str | None
    size_bytes: int | None
    checks: tuple[CheckRow, ...] | None
    usage: dict[str, Any] | None  # Any: workers.spec.AgentUsage as JSON
    only_if_better: bool
    suspended_at: datetime | None
    """Since when it is out of play because it forfeits too often."""
    retried_at: datetime | None
    """When its owner last asked for another validation."""
    trials: tuple[TrialRow, ...]
    submissions_left: int | None
    submissions_reset_at: datetime | None
