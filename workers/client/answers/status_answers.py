"""What the API answers, in the shapes of status. Made by `python -m tests.client_calls`."""

from datetime import datetime

from workers.client.answers.base import Answer


class QueueRow(Answer, frozen=True):
    """What waits and how fast it goes."""

    waiting: int
    """Matches, counted up to 10,000."""
    running: int
    oldest_at: datetime | None
    matches_per_second: float
    expected_seconds: float | None
    """Until all that waits now is played; null while nobody plays."""
    finished_at: datetime | None


class WorkerRow(Answer, frozen=True):
    """One match worker."""

    is_playing: bool
    seen_at: datetime
    slots: int
    """Matches it plays at a time."""
    level: int
    """How agents are held, 0 to 4."""
    level_name: str
    speed: float
    """Measured; 1 is the reference machine."""
    probes: int
    probes_held: int
    """Of its self-test."""


class ValidationsRow(Answer, frozen=True):
    """How long uploads of the last hour waited for their verdict."""

    count: int
    p50_seconds: float | None
    p95_seconds: float | None


class IncidentRow(Answer, frozen=True):
    """Something that is or was wrong with the site."""

    title: str
    text: str
    started_at: datetime
    ended_at: datetime | None
    """null while it goes on."""


class Status(Answer, frozen=True):
    """How the site does."""

    as_of: datetime
    state: str
    """`ok`, `delayed` or `down`: nothing is played."""
    problem: str
    queue: QueueRow
    workers: tuple[WorkerRow, ...]
    validations: ValidationsRow
    incidents: tuple[IncidentRow, ...]
