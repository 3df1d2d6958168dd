"""Reads about leaderboards: only what the rating job has stored."""

from django.db.models import QuerySet

from coliseum.competitions.models import Competition
from coliseum.leaderboards.models import RatingChange, Snapshot, Standing
from coliseum.submissions.models import Submission


def standings_of(competition: Competition) -> QuerySet[Standing]:
    """Return the leaderboard in order, with agents and teams."""
    return (
        Standing.objects.filter(competition=competition)
        .select_related("submission__entry__team")
        .order_by("rank", "submission_id")
    )


def snapshot_of(competition: Competition) -> Snapshot | None:
    """Return what the leaderboard was computed from."""
    return Snapshot.objects.filter(competition=competition).first()


def rating_history(submission: Submission) -> QuerySet[RatingChange]:
    """Return an agent's ratings in order of time."""
    return submission.rating_changes.order_by("at")


def ratings_of(competition: Competition) -> dict[str, tuple[float, float, float]]:
    """Return rating, low and high of every agent on the leaderboard, by submission id."""
    rows = Standing.objects.filter(competition=competition).order_by()
    return {
        submission: (rating, low, high)
        for submission, rating, low, high in rows.values_list("submission_id", "rating", "low", "high")
    }
