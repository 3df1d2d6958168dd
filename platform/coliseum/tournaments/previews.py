"""What a tournament would be if it started now: who, how many matches, how long."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from coliseum import clock
from coliseum.matches.models import Match, MatchState, Worker
from coliseum.tournaments.checking import field_now, least_entrants
from coliseum.tournaments.history import plan_of
from coliseum.tournaments.models import Tournament
from coliseum.tournaments.queries import arena_of
from workers.league.formats.extents import Extent, extent_of
from workers.spec import MatchKind

ALIVE_SECONDS = 20
UNKNOWN_SECONDS = 0.5
"""What a match is thought to take before the first was played."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A tournament as it would be."""

    entrants: tuple[str, ...]
    """Their agents, as shown."""
    extent: Extent
    slots: int
    """Matches that the workers now alive play at a time."""
    seconds: float
    """Of play, if the workers do nothing else; the longest it may be without extra matches."""
    least_entrants: int

    @property
    def is_enough(self) -> bool:
        """Say whether the field is large enough to start."""
        return len(self.entrants) >= self.least_entrants


def preview(tournament: Tournament) -> Preview:
    """Return what a draft would be.

    Raises:
        FormatError: its options do not fit the arena any more.
    """
    lineup = arena_of(tournament.competition).lineup
    chosen = tuple(tournament.entrants.values_list("submission_id", flat=True))
    agents = field_now(tournament.competition, source=tournament.source, size=tournament.size, chosen=chosen)
    extent = extent_of(plan_of(tournament), len(agents))
    slots = _slots()
    return Preview(
        entrants=tuple(str(agent) for agent in agents),
        extent=extent,
        slots=slots,
        seconds=extent.most_matches * _match_seconds(tournament) / max(1, slots),
        least_entrants=least_entrants(tournament.format, lineup),
    )


def _slots() -> int:
    alive = Worker.objects.filter(seen_at__gt=clock.now() - timedelta(seconds=ALIVE_SECONDS), problem="")
    return sum(alive.values_list("slots", flat=True))


def _match_seconds(tournament: Tournament) -> float:
    """Return what a match takes: the median of the latest, which one hanging agent does not move."""
    played = Match.objects.filter(competition=tournament.competition, state=MatchState.FINISHED)
    latest = played.exclude(kind=MatchKind.VALIDATION.value).order_by("-id")
    known = list(latest.values_list("seconds", flat=True)[:20])
    return median(known) if known else UNKNOWN_SECONDS
