"""Reads about submissions."""

from django.db.models import Count, Q, QuerySet

from coliseum.accounts.models import User, Visitor
from coliseum.competitions.models import Competition, Entry
from coliseum.submissions.models import Submission, SubmissionState
from workers.refusals import RefusedError


def _all() -> QuerySet[Submission]:
    return Submission.objects.select_related("entry__competition", "entry__team", "package", "standing")


def owned_by(submission: Submission, user: Visitor) -> bool:
    """Say whether a person may read this submission's code, log and evidence: its team, nobody else."""
    return bool(user.is_authenticated and submission.entry.team.members.filter(pk=user.pk).exists())


def public_submission(submission_id: str) -> Submission:
    """Return a submission that anybody may see: one that passed validation, not in a draft.

    Raises:
        RefusedError: `not_found`.
    """
    passed = _all().filter(pk=submission_id, state__in=(SubmissionState.READY, SubmissionState.RETIRED))
    found = passed.exclude(entry__competition__state="draft").first()
    if found is None:
        raise RefusedError("not_found", kind="agent", id=submission_id)
    return found


def submission_for(submission_id: str, user: Visitor) -> Submission:
    """Return a submission for its owners, the competition's hosts and administrators.

    Raises:
        RefusedError: `not_found`; for everybody else its existence is not confirmed.
    """
    wanted = _all().filter(pk=submission_id)
    if not user.is_authenticated:
        wanted = wanted.none()
    elif not user.is_staff:
        wanted = wanted.filter(Q(entry__team__members=user) | Q(entry__competition__hosts=user)).distinct()
    found = wanted.first()
    if found is None:
        raise RefusedError("not_found", kind="submission", id=submission_id)
    return found


def submissions_of(entry: Entry) -> QuerySet[Submission]:
    """Return an entry's submissions, newest first, with their standings."""
    return _all().filter(entry=entry).order_by("-number")


def waiting_submissions() -> QuerySet[Submission]:
    """Return uploads that have no validation match yet."""
    return (
        _all()
        .filter(state__in=(SubmissionState.UPLOADED, SubmissionState.VALIDATING), code="")
        .exclude(seats__match__kind="validation")
    )


def active_submissions(competition_id: str) -> QuerySet[Submission]:
    """Return the agents that play in a competition's league, in order of upload."""
    return (
        _all().filter(
            entry__competition_id=competition_id, is_active=True, entry__disqualified_at__isnull=True
        )
    ).order_by("id")


def submissions_by(user: User) -> QuerySet[Submission]:
    """Return all submissions of a person's teams, newest first."""
    return _all().filter(entry__team__members=user).order_by("-id")


def state_counts(competition: Competition) -> dict[str, int]:
    """Return how many of a competition's submissions are in each state, baselines left out."""
    submissions = Submission.objects.filter(entry__competition=competition, baseline="")
    return dict(submissions.values_list("state").annotate(count=Count("pk")).order_by())


def failures_by_code(competition: Competition) -> list[tuple[str, int]]:
    """Return the verdicts that rejected submissions, the most frequent first."""
    rejected = Submission.objects.filter(entry__competition=competition, state=SubmissionState.REJECTED)
    return list(rejected.values_list("code").annotate(count=Count("pk")).order_by("-count", "code"))


def baselines_of(arena: str) -> QuerySet[Submission]:
    """Return the house's agents in an arena's public competitions, with their standings."""
    return (
        _all()
        .filter(entry__competition__arena=arena, is_active=True)
        .exclude(baseline="")
        .exclude(entry__competition__state="draft")
        .order_by("entry__competition_id", "standing__rank")
    )


def has_baselines(competition: Competition) -> bool:
    """Say whether the house has entered agents in a competition."""
    return Submission.objects.filter(entry__competition=competition).exclude(baseline="").exists()
