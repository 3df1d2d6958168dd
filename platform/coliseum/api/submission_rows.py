"""Submissions as the API sends them: all to their owners, to others what anybody may know."""

from coliseum.accounts.models import User
from coliseum.api.addresses import page_address
from coliseum.api.submission_schemas import CheckRow, SubmissionDetail, SubmissionRow, TrialRow
from coliseum.league.gates import most_episodes
from coliseum.submissions.models import Submission, Trial
from coliseum.submissions.queries import owned_by, trials_of
from coliseum.submissions.services import quota_left


def submission_row(submission: Submission) -> SubmissionRow:
    """Return a submission as lists show it."""
    return SubmissionRow(
        id=submission.pk,
        number=submission.number,
        name=submission.name,
        competition=submission.entry.competition.slug,
        team=submission.entry.team.name,
        state=submission.state,
        is_active=submission.is_active,
        code=submission.code,
        role=submission.role,
        baseline=submission.baseline,
        uploaded_at=submission.uploaded_at,
        validated_at=submission.validated_at,
        url=page_address("submission", submission.pk),
    )


def submission_detail(submission: Submission, user: User) -> SubmissionDetail:
    """Return a submission in full, as far as the caller may see it."""
    is_owned = owned_by(submission, user)
    left, resets_at = quota_left(submission.entry) if is_owned else (None, None)
    return SubmissionDetail(
        **submission_row(submission).dict(),
        is_mine=is_owned,
        message=submission.message if is_owned else "",
        hint=submission.hint if is_owned else "",
        note=submission.note if is_owned else None,
        original_name=submission.original_name if is_owned else None,
        digest=submission.package_id if is_owned else None,
        size_bytes=submission.package.size_bytes if is_owned else None,
        checks=[CheckRow(**check) for check in submission.checks] if is_owned else None,
        usage=submission.usage if is_owned else None,
        only_if_better=submission.only_if_better,
        suspended_at=submission.suspended_at,
        retried_at=submission.retried_at if is_owned else None,
        trials=[_trial(each) for each in trials_of(submission)],
        submissions_left=None if left is None else max(left, 0),
        submissions_reset_at=resets_at,
    )


def _trial(trial: Trial) -> TrialRow:
    return TrialRow(
        purpose=trial.purpose,
        opponent=trial.opponent_id,
        verdict=trial.verdict,
        matches=trial.matches,
        episodes=trial.episodes,
        most_episodes=most_episodes(trial),
        points=trial.points,
        decided_at=trial.decided_at,
    )
