"""Recompute everything that can be recomputed and count the differences; zero is the only good answer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F, Q

from coliseum import storage
from coliseum.competitions.models import Phase
from coliseum.leaderboards.fitting import compute
from coliseum.leaderboards.models import Standing
from coliseum.leaderboards.services import is_behind
from coliseum.league.ledger_audit import check_ledger
from coliseum.matches.models import Episode, Match, MatchState, Seat
from coliseum.matches.recording import match_digest
from coliseum.submissions.models import Package, Submission, SubmissionState
from workers.spec import MatchKind

_TRIES = 3
"""How often a ledger is read that grows while it is read."""


@dataclass(slots=True)
class Report:
    """What was looked at, and what does not fit."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Say whether everything fits."""
        return not self.differences

    def miss(self, text: str) -> None:
        """Note a difference."""
        self.differences.append(text)


def audit(*, with_files: bool = True) -> Report:
    """Check matches, results, submissions, stored packages and leaderboards against each other.

    Args:
        with_files: also read every stored package and compare its digest.
    """
    report = Report()
    _matches(report)
    _results(report)
    _submissions(report)
    if with_files:
        _packages(report)
    for phase in Phase.objects.select_related("competition"):
        _leaderboard(report, phase)
        _ledger(report, phase)
    return report


def _ledger(report: Report, phase: Phase) -> None:
    for _ in range(_TRIES):
        pages = phase.ledger_pages.count()
        unlike: list[str] = []
        lines = check_ledger(phase, unlike.append)
        if phase.ledger_pages.count() == pages:
            break  # Otherwise a page was sealed between the reading of the pages and of the rows.
    report.counts["ledger pages"] += pages
    report.counts["ledger lines"] += lines
    for text in unlike:
        report.miss(text)


def _matches(report: Report) -> None:
    for state, count in Match.objects.values_list("state").annotate(count=Count("pk")).order_by():
        report.counts[f"matches {state}"] = count
    report.counts["attempts"] = sum(Match.objects.values_list("attempt", flat=True))
    for match in Match.objects.filter(state=MatchState.RUNNING).filter(Q(token="") | Q(lease_until=None)):
        report.miss(f"match {match.pk} runs without a lease")
    unfinished = Match.objects.exclude(state=MatchState.FINISHED).filter(episodes__isnull=False).distinct()
    for match in unfinished:
        report.miss(f"match {match.pk} is {match.state} but has episodes")


def _results(report: Report) -> None:
    report.counts["episodes"] = Episode.objects.count()
    report.counts["seats"] = Seat.objects.count()
    # Matches before episodes: a match that finishes while the audit reads is then not looked at, instead of
    # being found without the episodes that were written together with it.
    finished = list(Match.objects.filter(state=MatchState.FINISHED).values_list("pk", "digest", "kind"))
    digests: dict[str, list[str]] = {}
    for match_id, digest in Episode.objects.order_by("match_id", "index").values_list("match_id", "digest"):
        digests.setdefault(match_id, []).append(digest)
    for match_id, match_sum, kind in finished:
        if match_digest(digests.get(match_id, [])) != match_sum:
            report.miss(f"match {match_id} has another digest than its episodes")
        if kind != MatchKind.VALIDATION.value and not digests.get(match_id):
            report.miss(f"match {match_id} is finished without episodes")
    unscored = Seat.objects.filter(
        Q(outcome="") | Q(score=None),
        match__state=MatchState.FINISHED,
    ).exclude(match__kind=MatchKind.VALIDATION.value)
    for seat in unscored:
        report.miss(f"seat {seat} of a finished match has no result")


def _submissions(report: Report) -> None:
    for state, count in Submission.objects.values_list("state").annotate(count=Count("pk")).order_by():
        report.counts[f"submissions {state}"] = count
    validations = Count("seats", filter=Q(seats__match__kind=MatchKind.VALIDATION.value))
    # A champion's copy was validated as what it is a copy of; a suspended agent may be validated again.
    tested = Submission.objects.filter(origin=None).annotate(validations=validations)
    for submission in tested.exclude(validations=1 + F("retries")):
        report.miss(f"submission {submission.pk} has {submission.validations} validation matches")
    judged = (SubmissionState.READY, SubmissionState.REJECTED, SubmissionState.RETIRED)
    unjudged = Submission.objects.filter(
        seats__match__kind=MatchKind.VALIDATION.value, seats__match__state=MatchState.FINISHED
    ).exclude(state__in=judged)
    for submission_id, state in unjudged.values_list("pk", "state"):
        report.miss(f"submission {submission_id} was validated but is {state}")


def _packages(report: Report) -> None:
    for package in Package.objects.filter(erased_at=None).iterator():
        report.counts["packages"] += 1
        try:
            storage.read_package(package.digest)
        except (FileNotFoundError, ValueError) as error:
            report.miss(f"package {package.digest[:12]}: {error}")


def _leaderboard(report: Report, phase: Phase) -> None:
    unlike = [] if is_behind(phase) else list(_unlike_its_results(report, phase))
    # Asked again: a result may have come in between the two readings, and the board was right.
    if is_behind(phase):
        report.counts["leaderboards behind"] += 1
        return
    for text in unlike:
        report.miss(text)


def _unlike_its_results(report: Report, phase: Phase) -> Iterator[str]:
    """Give what a board shows that its results do not give."""
    shown = {standing.submission_id: standing for standing in Standing.objects.filter(phase=phase)}
    computed = {row.submission_id: row for row in compute(phase).rows}
    report.counts["standings"] += len(shown)
    if shown.keys() != computed.keys():
        yield f"{phase}: the board shows other agents than the results give"
        return
    for submission, row in computed.items():
        standing = shown[submission]
        if (standing.rank, standing.rating, standing.low, standing.high, standing.matches) != (
            row.rank,
            row.rating,
            row.low,
            row.high,
            row.matches,
        ):
            yield f"{phase}: {submission} stands at {standing.rating}, its results give {row.rating}"


def duplicate_results() -> int:
    """Return how many episodes or seats were written twice; constraints make any impossible."""
    doubled = Episode.objects.values("match_id", "index").annotate(n=Count("pk")).filter(n__gt=1).count()
    return (
        doubled + Seat.objects.values("match_id", "position").annotate(n=Count("pk")).filter(n__gt=1).count()
    )
