"""The shapes of arenas that the API sends; fields may be added, never renamed."""

from ninja import Schema


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


class SeatSheet(Schema):
    """What a seat sees and may do, in words."""

    names: list[str]
    """Of the seats that are alike."""
    observation: list[str]
    action: list[str]


class CheckedRow(Schema):
    """One check of an arena's certificate."""

    name: str
    ok: bool
    value: float | None
    """What was measured, as `detail` says."""
    detail: str


class CertificateRow(Schema):
    """What proves an arena: what was found, when, with which versions."""

    ok: bool
    date: str
    checks: list[CheckedRow]
    versions: dict[str, str]


class ArenaDetail(ArenaRow):
    """An arena in full."""

    environment: str
    arguments: dict[str, bool | int | float | str | None]
    zero_sum: bool
    forfeit_score: float
    statistic: str
    page: str
    """The arena's page as Markdown: rules, spaces, scoring, limits, baselines, certificate."""
    sheet: list[SeatSheet]
    certificate: CertificateRow | None
    forbidden: str
    """Why no rated play may be opened in it; empty where it may."""
    install: str
    """What installs its environment; empty where it is installed."""
    preview: bool
    """Whether there is an episode to watch at `/arenas/{id}/preview`."""
