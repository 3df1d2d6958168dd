"""Reads about submissions."""

from collections.abc import Sequence

from django.db.models import Count, F, Q, QuerySet

from coliseum.accounts.models import User, Visitor
from coliseum.competitions.models import Competition, Entry, Phase, PhaseState
from coliseum.submissions.models import (
    Contender,
    Purpose,
    Role,
    Submission,
    SubmissionState,
    Trial,
    Verdict,
)
from workers.refusals import RefusedError


def _every() -> QuerySet[Submission]:
    related = Submission.objects.select_related("entry__competition", "entry__team", "package")
    return related.prefetch_related("standings")


def _all() -> QuerySet[Submission]:
    """Return all submissions; rehearsals are none."""
    return _every().exclude(role=Role.REHEARSAL)


def owned_by(submission: Submission, user: Visitor) -> bool:
    """Say whether a person may read this submission's code, log and evidence: its team, nobody else."""
    return bool(user.is_authenticated and submission.entry.team.members.filter(pk=user.pk).exists())


def public_submission(submission_id: str) -> Submission:
    """Return a submission that anybody may see: one that passed validation, not in a draft.

    Raises:
        RefusedError: `not_found`.
    """
    passed = (
        _all()
        .filter(pk=submission_id, state__in=(SubmissionState.READY, SubmissionState.RETIRED))
        .exclude(role=Role.HOLDOUT)
    )
    found = passed.exclude(entry__competition__state="draft").first()
    if found is None:
        raise RefusedError("not_found", kind="agent", id=submission_id)
    return found


def submission_for(submission_id: str, user: Visitor) -> Submission:
    """Return a submission for its owners, the competition's hosts and administrators.

    A rehearsal is for its owners alone.

    Raises:
        RefusedError: `not_found`; for everybody else its existence is not confirmed.
    """
    wanted = _every().filter(pk=submission_id)
    if not user.is_authenticated:
        wanted = wanted.none()
    else:
        allowed = Q(entry__team__members=user)
        if user.is_staff:
            allowed |= ~Q(role=Role.REHEARSAL)
        else:
            allowed |= Q(entry__competition__hosts=user) & ~Q(role=Role.REHEARSAL)
        wanted = wanted.filter(allowed).distinct()
    found = wanted.first()
    if found is None:
        raise RefusedError("not_found", kind="submission", id=submission_id)
    return found


def submissions_of(entry: Entry) -> QuerySet[Submission]:
    """Return an entry's submissions, newest first, with their standings."""
    return _all().filter(entry=entry).order_by("-number")


def rehearsal_of(entry: Entry) -> Submission | None:
    """Return what an entry tried last without submitting it."""
    return _every().filter(entry=entry, role=Role.REHEARSAL).first()


def last_settings(entry: Entry) -> tuple[str, bool]:
    """Return name and `only_if_better` of the entry's latest submission, to start the next form with."""
    latest = entry.submissions.exclude(role=Role.REHEARSAL).order_by("-number")
    return latest.values_list("name", "only_if_better").first() or ("", False)


def earlier_of(submission: Submission) -> Submission | None:
    """Return the entry's version before this one."""
    return _all().filter(entry=submission.entry_id, number__lt=submission.number).order_by("-number").first()


def waiting_submissions() -> QuerySet[Submission]:
    """Return uploads that have no validation match yet."""
    return (
        _every()
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


def players_in(phase: Phase) -> QuerySet[Submission]:
    """Return the agents that take a place on a phase's leaderboard, in order of upload.

    In a final these are the finalists, in a closed season whoever was in play when it closed: nothing that
    happens to an agent later changes either, only a host who withdraws it.
    """
    if phase.is_final or phase.state == PhaseState.CLOSED:
        return _all().filter(contests__phase=phase, contests__withdrawn_at=None).order_by("id")
    return active_submissions(phase.competition_id).filter(role__in=(Role.MAIN, Role.CHAMPION))


def paired_in(phase: Phase) -> QuerySet[Submission]:
    """Return the agents that may get new matches in a phase, in order of upload.

    A cut finalist gets none, nor does an agent whose code is gone with the account of its owner.
    """
    if phase.state == PhaseState.CLOSED:
        return _all().none()
    there = Q(package__erased_at=None)
    if phase.is_final:
        return players_in(phase).filter(there, contests__phase=phase, contests__cut_at=None)
    return active_submissions(phase.competition_id).filter(there)


def submissions_by(user: User) -> QuerySet[Submission]:
    """Return all submissions of a person's teams, newest first."""
    return _all().filter(entry__team__members=user).order_by("-id")


def state_counts(competition: Competition) -> dict[str, int]:
    """Return how many of a competition's submissions are in each state, baselines left out."""
    submissions = Submission.objects.filter(entry__competition=competition, baseline="")
    submissions = submissions.exclude(role=Role.REHEARSAL)
    return dict(submissions.values_list("state").annotate(count=Count("pk")).order_by())


def failures_by_code(competition: Competition) -> list[tuple[str, int]]:
    """Return the verdicts that rejected submissions, the most frequent first."""
    rejected = Submission.objects.filter(entry__competition=competition, state=SubmissionState.REJECTED)
    rejected = rejected.exclude(role=Role.REHEARSAL)
    return list(rejected.values_list("code").annotate(count=Count("pk")).order_by("-count", "code"))


def baselines_of(arena: str) -> QuerySet[Submission]:
    """Return the house's agents in an arena's public competitions, with their standings."""
    return (
        _all()
        .filter(entry__competition__arena=arena, is_active=True)
        .exclude(baseline="")
        .exclude(entry__competition__state="draft")
        .order_by("entry__competition_id", "id")
    )


def has_baselines(competition: Competition) -> bool:
    """Say whether the house has entered agents in a competition."""
    return Submission.objects.filter(entry__competition=competition).exclude(baseline="").exists()


def eligible_finalists(entry: Entry) -> QuerySet[Submission]:
    """Return the agents an entry may name for a final, newest first: those that passed validation."""
    ready = _all().filter(entry=entry, state=SubmissionState.READY, baseline="", role=Role.MAIN)
    ready = ready.filter(package__erased_at=None)
    return ready.order_by("-number")


def contenders_of(phase: Phase) -> QuerySet[Contender]:
    """Return who has a place of its own in a phase, the best first, withdrawn ones last."""
    return (
        Contender.objects.filter(phase=phase)
        .select_related("submission__entry__team", "named_by", "phase__competition")
        .order_by(F("withdrawn_at").asc(nulls_first=True), F("place").asc(nulls_last=True), "id")
    )


def named_by_entry(phase: Phase, entry: Entry) -> list[str]:
    """Return the ids of an entry's finalists."""
    named = Contender.objects.filter(phase=phase, submission__entry=entry, withdrawn_at=None)
    return list(named.values_list("submission_id", flat=True))


def owners_in(phase: Phase) -> int:
    """Return of how many owners there are agents in the running."""
    return paired_in(phase).order_by().values("entry").distinct().count()


def champions(competition: Competition) -> QuerySet[Contender]:
    """Return who came first in each phase that is over, the latest first; a final's once it is declared."""
    first = Contender.objects.filter(
        phase__competition=competition, phase__settled_at__isnull=False, place=1, withdrawn_at=None
    )
    return (
        first.exclude(phase__kind="final", phase__declared_at=None)
        .select_related("phase", "submission__entry__team")
        .order_by("-phase_id", "id")
    )


def agent_names(competition: Competition) -> dict[str, str]:
    """Return what the agents of a competition are called, by submission id."""
    rows = Submission.objects.filter(entry__competition=competition).values_list("pk", "name", "number")
    return {submission: f"{name} v{number}" for submission, name, number in rows}


def predecessor_of(submission: Submission) -> Submission | None:
    """Return what a new agent of an entry is measured against: its latest earlier one in play.

    Where none is in play, the latest earlier one that passed validation; retired ones, agents with another
    role and the house's are nobody's predecessor.
    """
    if submission.baseline or submission.role != Role.MAIN or submission.entry.team.is_house:
        return None
    earlier = Submission.objects.filter(
        entry=submission.entry_id,
        number__lt=submission.number,
        state=SubmissionState.READY,
        role=Role.MAIN,
        suspended_at=None,
    )
    return earlier.order_by("-is_active", "-number").first()


def open_trials() -> QuerySet[Trial]:
    """Return the trials that go on, the oldest first."""
    return Trial.objects.filter(verdict=Verdict.OPEN).select_related(
        "submission__entry__competition", "opponent__entry"
    )


def trials_of(submission: Submission) -> QuerySet[Trial]:
    """Return a submission's trials in the order they began."""
    return submission.trials.select_related("opponent__entry__team")


def fillers_for(trial: Trial, count: int) -> list[Submission]:
    """Return third agents for a trial where more are seated: the house's first, never of the two owners."""
    owners = (trial.submission.entry_id, trial.opponent.entry_id)
    playing = active_submissions(trial.submission.entry.competition_id).exclude(entry__in=owners)
    return list(playing.order_by("-entry__team__is_house", "id")[:count])


def forfeiters_in(matches: Sequence[str]) -> list[Submission]:
    """Return the agents in play that forfeited an episode of one of these matches."""
    if not matches:
        return []
    forfeited = _all().filter(is_active=True, seats__match__in=matches, seats__forfeits__gt=0)
    return list(forfeited.distinct())


def exploits_of(competition: Competition) -> QuerySet[Trial]:
    """Return the trials of a competition's exploiters, those that succeeded first, then the latest."""
    trials = Trial.objects.filter(
        submission__entry__competition=competition, purpose__in=(Purpose.EXPLOIT, Purpose.CONTROL)
    )
    return trials.select_related("submission__entry__team", "opponent__entry__team").order_by("-id")


def exploits_against(submission: Submission) -> QuerySet[Trial]:
    """Return the trials in which an exploiter was shown to beat an agent."""
    return submission.opposed.filter(purpose=Purpose.EXPLOIT, verdict=Verdict.BETTER).select_related(
        "submission__entry__team"
    )


def panel_of(competition: Competition) -> QuerySet[Submission]:
    """Return the agents that hosts hold out in secret."""
    held = _all().filter(entry__competition=competition, role=Role.HOLDOUT, state=SubmissionState.READY)
    return held.order_by("id")


def own_agents(competition: Competition, user: User) -> QuerySet[Submission]:
    """Return the agents of a person's teams in a competition that passed validation, newest first."""
    own = _all().filter(
        entry__competition=competition, entry__team__members=user, state=SubmissionState.READY
    )
    return own.distinct().order_by("-id")


def agents_by_id(ids: Sequence[str]) -> dict[str, Submission]:
    """Return submissions by id."""
    return {each.pk: each for each in _all().filter(pk__in=ids)}
