"""What the API answers, in the shapes of arena. Made by `python -m tests.client_calls`."""

from workers.client.answers.base import Answer, Listing


class BaselineRow(Answer, frozen=True):
    """An agent that comes with an arena."""

    name: str
    title: str
    description: str


class ArenaRow(Answer, frozen=True):
    """An arena."""

    id: str
    title: str
    summary: str
    kind: str
    seats: int
    lineup: int
    """How many agents meet; where it is less than seats, one agent takes several."""
    roles: tuple[str, ...]
    objective: str
    swaps_seats: bool
    episodes: int
    max_turns: int
    illegal_action: str
    limits: dict[str, float]
    """Seconds and bytes by name."""
    baselines: tuple[BaselineRow, ...]
    tags: tuple[str, ...]


class ArenaList(Listing, frozen=True):
    """All arenas."""

    items: tuple[ArenaRow, ...]


class SeatSheet(Answer, frozen=True):
    """What a seat sees and may do, in words."""

    names: tuple[str, ...]
    """Of the seats that are alike."""
    observation: tuple[str, ...]
    action: tuple[str, ...]


class CheckedRow(Answer, frozen=True):
    """One check of an arena's certificate."""

    name: str
    ok: bool
    value: float | None
    """What was measured, as `detail` says."""
    detail: str


class CertificateRow(Answer, frozen=True):
    """What proves an arena: what was found, when, with which versions."""

    ok: bool
    date: str
    checks: tuple[CheckedRow, ...]
    versions: dict[str, str]


class ArenaDetail(ArenaRow, frozen=True):
    """An arena in full."""

    environment: str
    arguments: dict[str, bool | int | float | str | None]
    zero_sum: bool
    forfeit_score: float
    statistic: str
    page: str
    """The arena's page as Markdown: rules, spaces, scoring, limits, baselines, certificate."""
    sheet: tuple[SeatSheet, ...]
    certificate: CertificateRow | None
    forbidden: str
    """Why no rated play may be opened in it; empty where it may."""
    install: str
    """What installs its environment; empty where it is installed."""
    preview: bool
    """Whether there is an episode to watch at `/arenas/{id}/preview`."""
