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
from coliseum.competitions.models import Competition, Entry, Phase
from coliseum.competitions.queries import open_phase_of, unsettled_phases
from coliseum.leaderboards.services import rate_phase
from coliseum.league import dispatch, telling, tourneys
from coliseum.league.baton import baton
from coliseum.league.boards import keep_boards, rate_if_behind
from coliseum.league.calibrating import advance_calibrations
from coliseum.league.canary import keep_canary
from coliseum.league.finals import advance_final, open_due_finals
from coliseum.league.gates import advance_trials
from coliseum.league.life import look_after
from coliseum.league.pairing import room_for_matches, schedule_league_matches
from coliseum.league.panel import advance_checks
from coliseum.league.settling import settle_closed
from coliseum.league.sweeping import sweep_people
from coliseum.matches.audits import judge_audit, order_audits
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
from coliseum.submissions.contenders import withdraw_entry
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
    look_after(recorded)
    _tell(recorded)
    _audit(recorded)
    played = Counter(match.phase_id for match in recorded)
    # At once, not at the next tick: short matches would else leave the workers idle for most of a second.
    for phase in {match.phase_id: match.phase for match in recorded}.values():
        if phase is not None:
            _refill(phase, played[phase.pk])
    tourneys.on_played(recorded)
    dispatch.send_waiting_matches()
    telling.on_played(recorded)


def _audit(recorded: Sequence[Match]) -> None:
    """Judge the audits among these matches, and draw some of the others for one.

    A draw that a crash swallows is not made up for: audits are a sample anyway.
    """
    order_audits(recorded)
    for match in recorded:
        if match.kind == MatchKind.AUDIT.value:
            audit = judge_audit(match)
            if audit:
                publish(f"match:{audit.match_id}", "changed")


@dataclass(slots=True)
class _Full:
    """When the queue of a competition is worth another look: after so many results, or so much time."""

    results: int
    until: float
    """On the monotonic clock."""


_full: dict[str, _Full] = {}
LOOK_SECONDS = 1.0


def _refill(phase: Phase, played: int) -> None:
    """Schedule more matches if there may be room.

    A look counts the queue and the agents; at each result it would make matches dearer in larger fields.
    """
    full = _full.get(phase.key)
    if full is not None and full.results > played and full.until > time.monotonic():
        full.results -= played
        return
    room = room_for_matches(phase)
    if room > 0:
        _schedule(phase)
    _full[phase.key] = _Full(max(0, -room), time.monotonic() + LOOK_SECONDS)


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
        _audit(swept)
        _tell(swept)
        _resume_uploads()
        open_due_finals()
        for phase in unsettled_phases():
            rate_if_behind(phase)
            if phase.is_final:
                advance_final(phase)
            _schedule(phase)
        settle_closed()
        keep_boards()
        advance_trials()
        advance_calibrations()
        advance_checks()
        tourneys.on_tick()
        sweep_people()
        keep_canary()
        telling.tell_people()
    dispatch.send_waiting_matches()


def _schedule(phase: Phase) -> None:
    """Schedule league matches where there is room; one process at a time for each phase."""
    with baton(f"pair {phase.pk}", seconds=20) as mine:
        if mine:
            schedule_league_matches(phase)


def _resume_uploads() -> None:
    """Take up uploads whose process died before it could ask for their validation."""
    for submission in waiting_submissions():
        _validate(submission)


def on_disqualified(entry: Entry) -> None:
    """Take a disqualified entry's agents out of the league and its waiting matches out of the queue."""
    deactivate_entry(entry=entry)
    cancel_matches(competition=entry.competition, submissions=entry.submissions.all())
    phase = open_phase_of(entry.competition)
    if phase:
        withdraw_entry(phase=phase, entry=entry, reason=f"Disqualified: {entry.disqualified_reason}")
        rate_phase(phase=phase)
    tourneys.on_left(entry.competition)
    publish(f"competition:{entry.competition.slug}", "changed")


def on_reinstated(entry: Entry) -> None:
    """Count an entry's results on the open board again; its owners put its agents back into play."""
    phase = open_phase_of(entry.competition)
    if phase:
        rate_phase(phase=phase)
    publish(f"competition:{entry.competition.slug}", "changed")


def on_rerun(competition: Competition) -> None:
    """Hand out matches that a host ordered again, and have the board follow."""
    dispatch.send_waiting_matches()
    publish(f"competition:{competition.slug}", "changed")


def on_tournament_changed(tournament_id: str) -> None:
    """Hand out what an act on a tournament has put into the queue, and wake its pages."""
    dispatch.send_waiting_matches()
    tourneys.on_changed(tournament_id)


def run_again(match: Match) -> bool:
    """Queue a match again that failed by our fault."""
    again = requeue_failed(match=match)
    dispatch.send_waiting_matches()
    return again
