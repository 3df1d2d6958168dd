"""The jobs that keep leaderboards: refit, seal, study; one at a time a phase, to be missed or run twice.

How it works. Small boards are refitted by the tick itself, which takes less time than a message. What takes
longer is a task of its own, so that the tick goes on; the phase's baton lets one process do it.
"""

import logging
import time

from kombu.exceptions import OperationalError

from coliseum.announcements import publish
from coliseum.celery_app import app
from coliseum.competitions.models import Phase
from coliseum.competitions.queries import phases_in_play
from coliseum.leaderboards.queries import snapshot_of
from coliseum.leaderboards.services import is_behind, is_fresh, is_unsealed, publish_table, rate_phase
from coliseum.leaderboards.studies import is_stale, study_phase
from coliseum.league.baton import baton
from coliseum.league.monitor import watch

logger = logging.getLogger(__name__)

SLOW_SECONDS = 0.5
"""A refit that takes longer is a task of its own."""
ASKED_SECONDS = 10.0
"""After which a study that was asked for, and was not made, is asked for again."""
HELD_SECONDS = 600.0
"""After which a process that died in a job loses the right to it."""

_asked: dict[str, float] = {}
"""Until when each phase's study need not be asked for again, on the monotonic clock."""


def rate_if_behind(phase: Phase) -> bool:
    """Refit a leaderboard that does not know all finished matches yet; a large one less often."""
    if is_fresh(phase) or not is_behind(phase):
        return False
    snapshot = snapshot_of(phase)
    if snapshot and snapshot.seconds > SLOW_SECONDS and _send("league.rate", phase):
        return False
    return rate(phase)


def keep_boards() -> None:
    """Seal what is final and compute the slow columns and plots where it is time."""
    for phase in phases_in_play():
        if is_unsealed(phase):
            seal(phase)
        if is_stale(phase) and time.monotonic() >= _asked.get(phase.key, 0.0):
            # Without a queue a later tick asks again: nobody waits for a plot.
            _asked[phase.key] = time.monotonic() + ASKED_SECONDS
            _send("league.study", phase)


def rate(phase: Phase) -> bool:
    """Refit a leaderboard now; False if another process is at it."""
    with baton(f"rate {phase.pk}", seconds=HELD_SECONDS) as mine:
        if mine:
            rate_phase(phase=phase)
            _tell(phase)
    return mine


def seal(phase: Phase) -> bool:
    """Seal what is final and publish the official table; False if another process is at it."""
    with baton(f"rate {phase.pk}", seconds=HELD_SECONDS) as mine:
        if mine:
            publish_table(phase=phase)
            _tell(phase)
    return mine


def study(phase: Phase) -> bool:
    """Compute the slow columns and plots if they are not those of the board; False if they are."""
    with baton(f"study {phase.pk}", seconds=HELD_SECONDS) as mine:
        is_due = mine and is_stale(phase)
        if is_due:
            study_phase(phase=phase)
            watch(phase)
            _tell(phase)
    return is_due


def _send(task: str, phase: Phase) -> bool:
    """Send a job to the site's workers; False if the queue cannot be reached."""
    try:
        app.send_task(task, args=[phase.pk], queue="site", expires=30)
    except (OperationalError, OSError) as error:
        logger.warning("broker_unreachable", extra={"problem": type(error).__name__})
        return False
    return True


def _tell(phase: Phase) -> None:
    publish(f"competition:{phase.competition.slug}", "changed")
