"""The life of an agent in the league: suspended when it forfeits too often, and let back in."""

from collections.abc import Sequence

from coliseum.announcements import publish
from coliseum.competitions.models import PhaseKind
from coliseum.competitions.services import record_act
from coliseum.league import telling
from coliseum.matches.models import Match, MatchState
from coliseum.matches.queries import recent_forfeits, waiting_ids
from coliseum.matches.services import VALIDATION_PRIORITY, Plan, cancel_waiting, schedule_matches
from coliseum.submissions.models import Submission
from coliseum.submissions.queries import forfeiters_in
from coliseum.submissions.suspensions import note_retry, suspend_submission
from workers.league.forfeits import is_suspended
from workers.spec import MatchKind


def look_after(matches: Sequence[Match]) -> None:
    """Suspend agents that forfeit too often, after these matches; in a final forfeits just lose."""
    rated = [
        match.pk
        for match in matches
        if match.phase and match.phase.kind == PhaseKind.PUBLIC and match.state == MatchState.FINISHED
    ]
    for submission in forfeiters_in(rated):
        forfeits = recent_forfeits(submission)
        if is_suspended(forfeits):
            suspend(submission, forfeits)


def suspend(submission: Submission, forfeits: Sequence[bool]) -> None:
    """Take an agent out of play and its waiting league matches out of the queue."""
    if not suspend_submission(submission=submission):
        return
    competition = submission.entry.competition
    cancel_waiting(match_ids=waiting_ids(submission))
    record_act(
        competition=competition,
        actor=None,
        verb="suspended",
        subject=f"{submission} of {submission.entry.team.name}"[:120],
        reason=f"It forfeited {sum(forfeits)} of its last {len(forfeits)} episodes.",
    )
    publish(f"submission:{submission.pk}", "changed")
    publish(f"competition:{competition.slug}", "changed")
    telling.on_suspended(submission)


def validate_again(submission: Submission) -> Match:
    """Ask for another validation of a suspended agent; one that passes is let back in.

    Raises:
        RefusedError: `submission.wrong_state` where it is not suspended, or `submission.retried_today`.
    """
    note_retry(submission=submission)
    plan = Plan(MatchKind.VALIDATION, (submission,), VALIDATION_PRIORITY, reason="validation again")
    (match,) = schedule_matches(competition=submission.entry.competition, plans=[plan])
    publish(f"submission:{submission.pk}", "changed")
    return match
