"""The whole life of a match on one screen.

How it works. An upload asks for a validation match (`on_uploaded`). The tick hands waiting matches to the
workers, puts back what they lost, refits leaderboards that are behind, and schedules the next league matches.
A result (`on_results`) is recorded exactly once; a validation's becomes the submission's verdict. Every
step is idempotent and re-derived from the rows, so a step that was missed is done by the next tick.
"""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from coliseum.announcements import publish, publish_all
from coliseum.competitions.models import Competition, Entry
from coliseum.competitions.queries import competitions_in_play
from coliseum.leaderboards.services import is_behind, is_fresh, rate_competition
from coliseum.league import dispatch
from coliseum.league.baton import baton
from coliseum.league.pairing import room_for_matches, schedule_league_matches
from coliseum.matches.models import Match, MatchState
from coliseum.matches.queries import started_by
from coliseum.matches.recording import record_results
from coliseum.matches.services import (
    cancel_matches,
    extend_leases,
    requeue_failed,
    schedule_validation,
    sweep_leases,
)
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import waiting_submissions
from coliseum.submissions.services import (
    deactivate_entry,
    record_infrastructure_error,
    start_validation,
)
from workers.spec import MatchKind, MatchResult

logger = logging.getLogger(__name__)


def on_uploaded(submission: Submission) -> None:
    """Ask for the validation match of an accepted upload, and send it at once if the queue is there."""
    _validate(submission)
    dispatch.send_waiting_matches()


def _validate(submission: Submission) -> None:
    schedule_validation(submission=submission)
    if start_validation(submission=submission):
        publish(f"submission:{submission.pk}", "changed")


def on_at_work(*, token: str, worker: str) -> None:
    """Renew a batch's lease; when it has just been started, wake the pages that wait for it."""
    waiting = started_by(token)
    extend_leases(token=token, worker=worker)
    _tell(waiting)


def on_results(results: Sequence[MatchResult]) -> None:
    """Record what a worker sent, draw the consequences, hand out the next matches."""
    recorded = record_results(results)
    for match in recorded:
        if match.state == MatchState.FAILED:
            _on_failed(match)
    _tell(recorded)
    played = Counter(match.competition_id for match in recorded)
    # At once, not at the next tick: short matches would else leave the workers idle for most of a second.
    for competition in {match.competition_id: match.competition for match in recorded}.values():
        _refill(competition, played[competition.pk])
    dispatch.send_waiting_matches()


@dataclass(slots=True)
class _Full:
    """When the queue of a competition is worth another look: after so many results, or so much time."""

    results: int
    until: float
    """On the monotonic clock."""


_full: dict[str, _Full] = {}
LOOK_SECONDS = 1.0


def _refill(competition: Competition, played: int) -> None:
    """Schedule more matches if there may be room.

    A look counts the queue and the agents; at each result it would make matches dearer in larger fields.
    """
    full = _full.get(competition.pk)
    if full is not None and full.results > played and full.until > time.monotonic():
        full.results -= played
        return
    room = room_for_matches(competition)
    if room > 0:
        _schedule(competition)
    _full[competition.pk] = _Full(max(0, -room), time.monotonic() + LOOK_SECONDS)


def _on_failed(match: Match) -> None:
    """Note a match that our faults ended; an administrator sees it on the administration page."""
    logger.error("infrastructure_error", extra={"match": match.pk, "problem": match.error})
    if match.kind == MatchKind.VALIDATION.value:
        record_infrastructure_error(submission=match.seats.get().submission)


def _tell(matches: Sequence[Match]) -> None:
    """Wake the pages that show these matches."""
    topics = [f"match:{match.pk}" for match in matches]
    topics += [
        f"submission:{match.seats.get().submission_id}"
        for match in matches
        if match.kind == MatchKind.VALIDATION.value
    ]
    publish_all(topics, "changed")


def tick() -> None:
    """Do everything that is due. One process at a time; called every second."""
    with baton("tick") as mine:
        if not mine:
            return
        swept = sweep_leases()
        for match in swept:
            _on_failed(match)
        _tell(swept)
        _resume_uploads()
        for competition in competitions_in_play():
            rate_if_behind(competition)
            _schedule(competition)
    dispatch.send_waiting_matches()


def _schedule(competition: Competition) -> None:
    """Schedule league matches where there is room; one process at a time for each competition."""
    with baton(f"pair {competition.pk}", seconds=20) as mine:
        if mine:
            schedule_league_matches(competition)


def _resume_uploads() -> None:
    """Take up uploads whose process died before it could ask for their validation."""
    for submission in waiting_submissions():
        _validate(submission)


def rate_if_behind(competition: Competition) -> bool:
    """Refit a leaderboard that does not know all finished matches yet; a large one less often."""
    if is_fresh(competition) or not is_behind(competition):
        return False
    rate_competition(competition=competition)
    publish(f"competition:{competition.slug}", "changed")
    return True


def on_disqualified(entry: Entry) -> None:
    """Take a disqualified entry's agents out of the league and its waiting matches out of the queue."""
    deactivate_entry(entry=entry)
    cancel_matches(competition=entry.competition, submissions=entry.submissions.all())
    rate_competition(competition=entry.competition)
    publish(f"competition:{entry.competition.slug}", "changed")


def run_again(match: Match) -> bool:
    """Queue a match again that failed by our fault."""
    again = requeue_failed(match=match)
    dispatch.send_waiting_matches()
    return again
