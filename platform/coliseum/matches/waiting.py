"""How long what is queued will wait, and why nobody plays it: the same words on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from arenas import registry
from arenas.errors import UnknownArenaError
from coliseum import clock
from coliseum.matches.models import Match, MatchState, Worker
from coliseum.submissions.models import Submission
from workers.spec import Isolation, MatchKind

ALIVE_SECONDS: Final = 20
"""A worker that was not heard of for so long is taken for gone."""
UNKNOWN_SECONDS: Final = 2.0
"""What a validation is thought to take before the first was played."""
_LATEST: Final = 20
MOST_COUNTED: Final = 10_000
"""A longer queue is told as "more than"; counting it on would cost more than the answer is worth."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What a match that waits, or would be queued now, has before it."""

    ahead: int
    """Matches that are played first, counted up to MOST_COUNTED."""
    seconds: float | None
    """Until it starts, as the latest matches went; None while nobody plays."""
    stuck: str = ""
    """Why no worker can play it now, as the end of a sentence; empty where one can."""


def living_workers() -> QuerySet[Worker]:
    """Return the workers that were heard of lately and are ready to play."""
    heard = Worker.objects.filter(seen_at__gt=clock.now() - timedelta(seconds=ALIVE_SECONDS))
    return heard.filter(problem="")


def expected_wait(arena: str, *, priority: int, before: str = "") -> Wait:
    """Return what a match of this priority waits for.

    Args:
        arena: id of the arena it is played in.
        priority: as in `Match.priority`.
        before: id of the queued match; empty for one that would be queued now.
    """
    queued = Match.objects.filter(state=MatchState.QUEUED).order_by()
    first = queued.filter(priority__gt=priority)
    alike = queued.filter(priority=priority)
    ahead = first[:MOST_COUNTED].count()
    ahead += (alike.filter(id__lt=before) if before else alike)[:MOST_COUNTED].count()
    known = list(Worker.objects.order_by("-seen_at"))
    stuck = why_stuck(arena, known)
    if stuck:
        return Wait(min(ahead, MOST_COUNTED), None, stuck)
    slots = max(1, sum(worker.slots for worker in known if _is_alive(worker) and not worker.problem))
    running = Match.objects.filter(state=MatchState.RUNNING).count()
    # What plays now is half done on average.
    return Wait(min(ahead, MOST_COUNTED), (ahead + running / 2) * usual_seconds() / slots)


def usual_seconds() -> float:
    """Return what a validation takes on a worker: the median of those of the latest submissions."""
    # By way of the submissions: matches of other kinds would else be walked through for the last validation.
    latest = list(Submission.objects.order_by("-id").values_list("pk", flat=True)[:_LATEST])
    finished = Match.objects.filter(
        kind=MatchKind.VALIDATION.value, state=MatchState.FINISHED, seats__submission__in=latest
    )
    known = list(finished.order_by().values_list("seconds", flat=True))
    return median(known) if known else UNKNOWN_SECONDS


def _is_alive(worker: Worker) -> bool:
    return bool(worker.seen_at > clock.now() - timedelta(seconds=ALIVE_SECONDS))


def why_stuck(arena: str, known: Sequence[Worker]) -> str:
    """Return why no worker can play a match of an arena now, as the end of a sentence; empty if one can.

    Args:
        arena: its id.
        known: all workers that ever reported, the one seen last first.
    """
    try:
        registry.get(arena)
    except UnknownArenaError:
        return _("the arena %(arena)s is not installed here any more") % {"arena": arena}
    return why_no_worker(known)


def why_no_worker(known: Sequence[Worker]) -> str:
    """Return why no worker can play anything now, as the end of a sentence; empty if one can."""
    if not known:
        return _("no worker has been started yet")
    alive = [worker for worker in known if _is_alive(worker)]
    if not alive:
        told = {"when": _shown(known[0].seen_at)}
        return _("no worker is running; the last one was heard of at %(when)s") % told
    ready = [worker for worker in alive if not worker.problem]
    if not ready:
        return _("the workers refuse to play: their sandbox did not pass its self-test")
    if all(worker.isolation < settings.MINIMUM_ISOLATION for worker in ready):
        told = {"level": _(Isolation(settings.MINIMUM_ISOLATION).label)}
        return _("no worker can hold agents as safely as matches here demand (%(level)s)") % told
    return ""


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
