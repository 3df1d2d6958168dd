"""How the site does, from a few bounded looks at the database: what the status page and its JSON say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coliseum import clock
from coliseum.competitions.models import Competition
from coliseum.league.incidents import incidents
from coliseum.league.models import Incident
from coliseum.matches.models import Match, MatchState, Worker
from coliseum.matches.queries import workers
from coliseum.matches.waiting import ALIVE_SECONDS, why_no_worker
from coliseum.submissions.figures import latest_validations
from workers.spec import Isolation

RATE_WINDOW: Final = timedelta(minutes=5)
MOST_FINISHED: Final = 500
"""Latest results that the rate is reckoned from."""
MOST_WAITING: Final = 10_000
"""A longer queue is told as "more than"."""
SHOWN: Final = timedelta(days=1)
"""Workers that were not heard of for so long are left out."""
LATE: Final = timedelta(minutes=10)
"""A match that waited so long while workers play is told as a delay."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits and how fast it goes."""

    waiting: int
    """Counted up to MOST_WAITING."""
    running: int
    oldest_at: datetime | None
    """Since when the oldest match waits."""
    matches_per_second: float
    """Over the last five minutes."""
    expected_seconds: float | None
    """Until all that waits now is played; None while nobody plays."""
    finished_at: datetime | None
    """When the last match was finished."""


@dataclass(frozen=True, slots=True)
class WorkerLine:
    """One match worker; its name is the operator's business."""

    is_playing: bool
    seen_at: datetime
    slots: int
    level: int
    level_name: str
    speed: float
    probes: int
    probes_held: int


@dataclass(frozen=True, slots=True)
class Validations:
    """How long uploads waited for their verdict in the last hour, all told."""

    count: int
    p50_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """All of it at one time."""

    as_of: datetime
    state: str
    """ok, delayed, or down: nothing is played."""
    problem: str
    """What is wrong, as a sentence; empty where nothing is."""
    queue: Queue
    workers: tuple[WorkerLine, ...]
    validations: Validations
    incidents: tuple[Incident, ...]


def site_status() -> SiteStatus:
    """Look at everything; six queries, none of which grows with what was ever played."""
    now = clock.now()
    known = list(workers()[:100])
    lines = tuple(_line(worker, now) for worker in known if worker.seen_at > now - SHOWN)
    queue = queue_state(slots=sum(line.slots for line in lines if line.is_playing))
    stuck = why_no_worker(known)
    oldest = now - queue.oldest_at if queue.oldest_at else timedelta()
    problem = _("Nothing is played: %(why)s.") % {"why": stuck} if stuck else ""
    if not problem and oldest > LATE:
        minutes = math.floor(oldest / timedelta(minutes=1))
        problem = ngettext(
            "The oldest match has waited for %(count)d minute.",
            "The oldest match has waited for %(count)d minutes.",
            minutes,
        ) % {"count": minutes}
    return SiteStatus(
        as_of=now,
        state="down" if stuck else "delayed" if problem else "ok",
        problem=problem,
        queue=queue,
        workers=lines,
        validations=_validations(now),
        incidents=tuple(incidents()[:10]),
    )


def queue_state(*, slots: int, competition: Competition | None = None) -> Queue:
    """Return what waits and how fast it goes, of one competition or of all.

    Args:
        slots: how many matches the living workers play at a time; 0 if nobody plays.
        competition: whose matches; all if left out.
    """
    matches = Match.objects.all() if competition is None else competition.matches.all()
    # Sorted out here: asked for one competition, SQLite would read all that it ever played.
    queued = Match.objects.filter(state=MatchState.QUEUED).order_by().values_list("competition", "queued_at")
    waiting = [at for of, at in queued[:MOST_WAITING] if competition is None or of == competition.pk]
    playing = Match.objects.filter(state=MatchState.RUNNING).order_by().values_list("competition", flat=True)
    # Ids sort by time, so that the latest results are among the latest ids: no index on times is needed.
    latest = matches.filter(state=MatchState.FINISHED).order_by("-id")
    finished = list(latest.values_list("finished_at", "seconds")[:MOST_FINISHED])
    times = sorted(moment for moment, _ in finished if moment)
    rate = _rate(times, clock.now())
    seconds = median([took for _, took in finished]) if finished else 1.0
    if not waiting:
        expected: float | None = 0.0
    elif not slots:
        expected = None
    else:
        expected = len(waiting) / rate if rate else len(waiting) * seconds / slots
    return Queue(
        waiting=len(waiting),
        running=sum(competition is None or of == competition.pk for of in playing[:MOST_WAITING]),
        oldest_at=min(waiting, default=None),
        matches_per_second=rate,
        expected_seconds=expected,
        finished_at=times[-1] if times else None,
    )


def _rate(times: Sequence[datetime], now: datetime) -> float:
    """Return results a second over the window, or over less where so many came in less time."""
    recent = [moment for moment in times if moment > now - RATE_WINDOW]
    if not recent:
        return 0.0
    is_cut = len(recent) == MOST_FINISHED
    window = now - recent[0] if is_cut else RATE_WINDOW
    return len(recent) / max(1.0, window / timedelta(seconds=1))


def living_slots() -> int:
    """Return how many matches are played at a time."""
    now = clock.now()
    lines = [_line(worker, now) for worker in workers()[:100]]
    return sum(line.slots for line in lines if line.is_playing)


def _line(worker: Worker, now: datetime) -> WorkerLine:
    checks = [check for check in worker.checks if isinstance(check, dict)]
    level = worker.isolation if worker.isolation in set(Isolation) else 0
    return WorkerLine(
        is_playing=not worker.problem
        and worker.seen_at > now - timedelta(seconds=ALIVE_SECONDS)
        and level >= settings.MINIMUM_ISOLATION,
        seen_at=worker.seen_at,
        slots=worker.slots,
        level=level,
        level_name=Isolation(level).label,
        speed=worker.speed,
        probes=len(checks),
        probes_held=sum(bool(check.get("ok", check.get("held", False))) for check in checks),
    )


def _validations(now: datetime) -> Validations:
    took = sorted(
        (validated - uploaded) / timedelta(seconds=1)
        for uploaded, validated in latest_validations(most=500)
        if validated > now - timedelta(hours=1)
    )
    return Validations(len(took), _quantile(took, 0.5), _quantile(took, 0.95))


def _quantile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least this share of the sorted values does not exceed."""
    return values[max(0, math.ceil(share * len(values)) - 1)] if values else None
