"""What a host asks for: the same for the form, the API and a competition's file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from coliseum.tournaments.models import Release, Seeding, Source
from workers.league.formats.named import Value


@dataclass(frozen=True, slots=True)
class Wanted:
    """A tournament as its host describes it; checked by the services."""

    title: str
    format: str
    """A key of `workers.league.formats.named.FORMATS`."""
    options: Mapping[str, Value] = field(default_factory=dict)
    source: str = Source.ACTIVE.value
    size: int = 0
    """How many of the leaderboard, where the source is `top`."""
    chosen: tuple[str, ...] = ()
    """Ids of submissions, where the source is `chosen`."""
    seeding: str = Seeding.RATING.value
    release: str = Release.AT_ONCE.value
    starts_at: datetime | None = None
