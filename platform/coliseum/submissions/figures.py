"""Figures about submissions for hosts: how far teams came, what was rejected and why."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from coliseum.competitions.models import Competition, Entry
from coliseum.submissions.models import Package, Role, Submission, SubmissionState

_PASSED: Final = (SubmissionState.READY, SubmissionState.RETIRED)
_LATEST: Final = 300
"""Latest rejected submissions among which the agents hit are shown."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many of the teams came how far; the house is none of them."""

    joined: int
    submitted: int
    validated: int
    """With a submission that passed validation."""
    active: int
    """With an agent in play now."""


def funnel_of(competition: Competition) -> Funnel:
    """Count the teams of a competition by how far they came."""
    theirs = Submission.objects.filter(entry=OuterRef("pk")).exclude(role=Role.REHEARSAL)
    marked = competition.entries.filter(team__is_house=False, merged_into=None).annotate(
        has_submitted=Exists(theirs),
        has_passed=Exists(theirs.filter(state__in=_PASSED)),
        plays=Exists(theirs.filter(is_active=True)),
    )
    counts = marked.aggregate(
        joined=Count("pk"),
        submitted=Count("pk", filter=Q(has_submitted=True)),
        validated=Count("pk", filter=Q(has_passed=True)),
        active=Count("pk", filter=Q(plays=True)),
    )
    return Funnel(**counts)


@dataclass(frozen=True, slots=True)
class Rejection:
    """One verdict that rejected submissions of a competition."""

    code: str
    submissions: int
    teams: int
    latest: Submission
    """The one rejected last."""
    agents: tuple[Submission, ...]
    """The latest few that were hit, one a team."""


def rejections_of(competition: Competition) -> list[Rejection]:
    """Return the verdicts that rejected submissions, the most frequent first."""
    rejected = _rejected(competition)
    rows = rejected.values("code").annotate(
        submissions=Count("pk"), teams=Count("entry", distinct=True), latest=Max("pk")
    )
    by_code: defaultdict[str, dict[int, Submission]] = defaultdict(dict)
    for submission in rejected.select_related("entry__team").order_by("-pk")[:_LATEST]:
        by_code[submission.code].setdefault(submission.entry_id, submission)
    latest = Submission.objects.select_related("entry__team").in_bulk([row["latest"] for row in rows])
    return [
        Rejection(
            code=row["code"],
            submissions=row["submissions"],
            teams=row["teams"],
            latest=latest[row["latest"]],
            agents=tuple(by_code[row["code"]].values())[:8],
        )
        for row in sorted(rows, key=lambda row: (-row["submissions"], row["code"]))
    ]


def entries_rejected_for(competition: Competition, code: str) -> QuerySet[Entry]:
    """Return the entries that had a submission rejected with a verdict."""
    return competition.entries.filter(pk__in=_rejected(competition).filter(code=code).values("entry"))


def _rejected(competition: Competition) -> QuerySet[Submission]:
    return Submission.objects.filter(
        entry__competition=competition, state=SubmissionState.REJECTED, baseline=""
    ).exclude(role=Role.REHEARSAL)


def package_bytes(competition: Competition) -> int:
    """Return how many bytes the uploads of a competition take; the same content counts once."""
    used = Submission.objects.filter(entry__competition=competition).values("package")
    return Package.objects.filter(pk__in=used).aggregate(total=Sum("size_bytes"))["total"] or 0


def latest_validations(*, most: int) -> list[tuple[datetime, datetime]]:
    """Return upload and verdict of the latest submissions that have one; baselines are left out."""
    judged = Submission.objects.filter(validated_at__isnull=False, baseline="").order_by("-id")
    rows = judged.values_list("uploaded_at", "validated_at")[:most]
    return [(uploaded, validated) for uploaded, validated in rows if validated is not None]
