"""The shapes of the site's status that the API sends; fields may be added, never renamed."""

from datetime import datetime

from ninja import Schema


class QueueRow(Schema):
    """What waits and how fast it goes."""

    waiting: int
    """Matches, counted up to 10,000."""
    running: int
    oldest_at: datetime | None
    matches_per_second: float
    expected_seconds: float | None
    """Until all that waits now is played; null while nobody plays."""
    finished_at: datetime | None


class WorkerRow(Schema):
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


class ValidationsRow(Schema):
    """How long uploads of the last hour waited for their verdict."""

    count: int
    p50_seconds: float | None
    p95_seconds: float | None


class IncidentRow(Schema):
    """Something that is or was wrong with the site."""

    title: str
    text: str
    started_at: datetime
    ended_at: datetime | None
    """null while it goes on."""


class Status(Schema):
    """How the site does."""

    as_of: datetime
    state: str
    """`ok`, `delayed` or `down`: nothing is played."""
    problem: str
    queue: QueueRow
    workers: list[WorkerRow]
    validations: ValidationsRow
    incidents: list[IncidentRow]
