"""Who may see an agent's code: its team; everybody once it is over, where the rules say so."""

from coliseum.accounts.models import Visitor
from coliseum.competitions.models import CodeReveal, CompetitionState
from coliseum.submissions.models import Role, Submission, SubmissionState
from coliseum.submissions.queries import owned_by
from workers.refusals import RefusedError

_PASSED = (SubmissionState.READY, SubmissionState.RETIRED)


def is_code_open(submission: Submission) -> bool:
    """Say whether everybody may download an agent: only what passed validation, and nothing held out."""
    competition = submission.entry.competition
    return (
        competition.code == CodeReveal.AFTER_CLOSE
        and competition.state == CompetitionState.CLOSED
        and submission.state in _PASSED
        and submission.role not in {Role.HOLDOUT, Role.REHEARSAL}
        and submission.package.erased_at is None
    )


def may_see_code(submission: Submission, user: Visitor) -> bool:
    """Say whether a person may download an agent."""
    is_theirs = owned_by(submission, user) and submission.package.erased_at is None
    return is_theirs or is_code_open(submission)


def check_code(submission: Submission, user: Visitor) -> None:
    """Refuse the code of an agent to who may not see it.

    Raises:
        RefusedError: `not_found`: that there is something to see is not confirmed.
    """
    if not may_see_code(submission, user):
        raise RefusedError("not_found", kind="agent", id=submission.pk)
