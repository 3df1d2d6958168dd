"""When people are told: at once of verdicts, every few seconds of the rest, mails and webhooks behind it."""

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from kombu.exceptions import OperationalError

from coliseum.celery_app import app
from coliseum.league import news
from coliseum.league.baton import baton
from coliseum.matches.models import Match
from coliseum.notices.deliveries import deliver_due
from coliseum.notices.digests import send_digests
from coliseum.notices.services import look_from, sweep_notices, tell
from coliseum.submissions.models import Submission

logger = logging.getLogger(__name__)

LOOK_SECONDS: Final = 15.0
SWEEP_SECONDS: Final = 3600.0
_OVERLAP: Final = timedelta(seconds=60)
"""A look begins so long before the end of the last, for rows that were being written then."""
_done: dict[str, float] = {}


def on_played(matches: Sequence[Match]) -> None:
    """Tell owners of verdicts among these matches."""
    if told := news.validated(matches):
        tell(told)


def on_suspended(agent: Submission) -> None:
    """Tell owners that their agent was suspended."""
    tell(news.suspended(agent))


def tell_people() -> None:
    """Have somebody look every few seconds; the scheduler itself waits for no mail server and no receiver."""
    if not _is_due("look", LOOK_SECONDS):
        return
    try:
        app.send_task("league.tell", queue="site", expires=30)
    except (OperationalError, OSError) as error:
        logger.debug("nobody_told", extra={"problem": type(error).__name__})


def look() -> None:
    """Tell what is new, send what waits; one process at a time."""
    with baton("telling", seconds=120) as mine:
        if not mine:
            return
        since = look_from("news")
        if since is not None:
            tell(list(news.newest(since - _OVERLAP)))
        tell(news.placed(None if since is None else since - _OVERLAP))
        send_digests()
        deliver_due()
        if _is_due("sweep", SWEEP_SECONDS):
            sweep_notices()


def _is_due(name: str, seconds: float) -> bool:
    now = time.monotonic()
    if now - _done.get(name, -seconds) < seconds:
        return False
    _done[name] = now
    return True
