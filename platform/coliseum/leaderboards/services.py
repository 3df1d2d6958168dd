"""Writing leaderboards: what the fit gives, stored with its ranks in one transaction."""

from dataclasses import asdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from coliseum import clock
from coliseum.competitions.models import Competition
from coliseum.leaderboards.fitting import Computed, Row, compute, rated_matches, unplaced
from coliseum.leaderboards.models import RatingChange, Snapshot, Standing

MATCHES_PER_SECOND = 1000.0
LONGEST_PAUSE_SECONDS = 30.0
HISTORY_STEP = 0.05
"""A point of the history plot is kept when an agent's matches grew by this share."""


def is_behind(competition: Competition) -> bool:
    """Say whether the stored leaderboard lacks finished matches, or shows who takes no place any more."""
    known = Snapshot.objects.filter(competition=competition).values_list("matches", flat=True).first() or 0
    gone = Q(submission__is_active=False) | Q(submission__entry__disqualified_at__isnull=False)
    return (
        rated_matches(competition) != known
        or Standing.objects.filter(gone, competition=competition).exists()
        or unplaced(competition).exists()
    )


def is_fresh(competition: Competition) -> bool:
    """Say whether a leaderboard was fitted so lately that another fit can wait.

    A fit reads all episodes, so its pause grows with them: a second for a thousand matches.
    """
    snapshot = Snapshot.objects.filter(competition=competition).first()
    if snapshot is None or snapshot.computed_at is None:
        return False
    pause = timedelta(seconds=min(LONGEST_PAUSE_SECONDS, snapshot.matches / MATCHES_PER_SECOND))
    return clock.now() - snapshot.computed_at < pause


def rate_competition(*, competition: Competition) -> Snapshot:
    """Refit a leaderboard and store it; a pure function of the finished matches and active agents."""
    computed = compute(competition)
    with transaction.atomic():
        snapshot, _ = Snapshot.objects.select_for_update().get_or_create(competition=competition)
        if snapshot.matches > computed.matches:
            # Another process fitted more results meanwhile.
            return snapshot
        _store(competition, computed.rows)
        snapshot.matches = computed.matches
        snapshot.digest = computed.digest
        snapshot.parameters = computed.parameters
        snapshot.computed_at = clock.now()
        snapshot.save()
        _keep_history(computed)
    return snapshot


def _store(competition: Competition, rows: tuple[Row, ...]) -> None:
    wanted = {row.submission_id: row for row in rows}
    Standing.objects.filter(competition=competition).exclude(submission_id__in=wanted).delete()
    fields = [name for name in Row.__dataclass_fields__ if name != "submission_id"]
    Standing.objects.bulk_create(
        (Standing(competition=competition, **asdict(row)) for row in rows),
        update_conflicts=True,
        unique_fields=["submission"],
        update_fields=fields,
    )


def _keep_history(computed: Computed) -> None:
    """Add a point to the history of each agent that played noticeably more than at its last one."""
    latest: dict[str, int] = {}
    ids = [row.submission_id for row in computed.rows]
    for submission_id, matches in (
        RatingChange.objects.filter(submission_id__in=ids)
        .order_by("submission_id", "matches")
        .values_list("submission_id", "matches")
    ):
        latest[submission_id] = matches
    now = clock.now()
    RatingChange.objects.bulk_create(
        (
            RatingChange(
                submission_id=row.submission_id,
                matches=row.matches,
                rating=row.rating,
                low=row.low,
                high=row.high,
                rank=row.rank,
                at=now,
            )
            for row in computed.rows
            if row.matches > latest.get(row.submission_id, 0) * (1 + HISTORY_STEP)
        ),
        ignore_conflicts=True,
    )
