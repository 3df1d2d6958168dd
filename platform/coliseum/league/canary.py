"""The canary: where nothing is played for a while, an old match is played again to see that all works."""

import time
from datetime import timedelta
from typing import Final

from coliseum import clock
from coliseum.matches.audits import AUDITED_KINDS, order_audit
from coliseum.matches.models import Audit, Match, MatchState
from coliseum.matches.waiting import living_workers

IDLE: Final = timedelta(minutes=5)
_LOOK_SECONDS: Final = 30.0
_AMONG: Final = 50
_looked_at = 0.0


def keep_canary() -> Audit | None:
    """Order a canary if one is due; looks at most twice a minute, for it is called every second."""
    global _looked_at
    if time.monotonic() < _looked_at + _LOOK_SECONDS:
        return None
    _looked_at = time.monotonic()
    return order_canary()


def order_canary() -> Audit | None:
    """Have the shortest of the latest matches played again, if workers have been idle for five minutes.

    An audit counts for nothing and is compared with the first playing, so that it proves queue, worker,
    sandbox and record at once. None while something waits, runs or was played lately, and without a worker.
    """
    busy = Match.objects.filter(state__in=(MatchState.QUEUED, MatchState.RUNNING)).exists()
    if busy or not living_workers().exists():
        return None
    finished = Match.objects.filter(state=MatchState.FINISHED).order_by("-id")
    latest = list(finished.select_related("audit", "competition")[:_AMONG])
    if not latest or any(match.finished_at > clock.now() - IDLE for match in latest if match.finished_at):
        return None
    fresh = [match for match in latest if match.kind in AUDITED_KINDS and not hasattr(match, "audit")]
    return order_audit(match=min(fresh, key=lambda match: match.seconds)) if fresh else None
