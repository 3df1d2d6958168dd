"""The computed table of a competition."""

from django.db import models

from coliseum.competitions.models import Competition
from coliseum.submissions.models import Submission


class Snapshot(models.Model):
    """One fit of all rated matches; a pure function of them."""

    competition = models.OneToOneField(Competition, on_delete=models.CASCADE, related_name="snapshot")
    matches = models.PositiveIntegerField(default=0)
    """How many rated matches it was computed from."""
    digest = models.CharField(max_length=64, blank=True)
    parameters = models.JSONField(default=dict)
    """What the fit learned: prior spread, dispersion, seat effects."""
    computed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.competition} at {self.matches} matches"


class Standing(models.Model):
    """One row of the leaderboard, stored with its rank so that a page only reads."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="standings")
    submission = models.OneToOneField(Submission, on_delete=models.CASCADE, related_name="standing")
    rank = models.PositiveIntegerField()
    rank_low = models.PositiveIntegerField()
    rank_high = models.PositiveIntegerField()
    """95 % interval of the rank: low is the best place it may deserve."""
    rating = models.FloatField()
    """Elo scale (400 points are 10:1 odds) or the mean score, by the arena's objective."""
    low = models.FloatField()
    high = models.FloatField()
    """95 % interval of the rating."""
    p_best = models.FloatField(default=0.0)
    matches = models.PositiveIntegerField()
    wins = models.PositiveIntegerField(default=0)
    draws = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)
    forfeits = models.PositiveIntegerField(default=0)
    opponents = models.PositiveIntegerField(default=0)
    provisional = models.BooleanField(default=True)

    class Meta:
        ordering = ["rank", "submission_id"]
        indexes = [
            # The leaderboard page, in order.
            models.Index(fields=["competition", "rank"], name="standings_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.submission}"


class RatingChange(models.Model):
    """A rating at one time, for the history plot."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="rating_changes")
    matches = models.PositiveIntegerField()
    rating = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    rank = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "matches"], name="one_change_per_match_count")
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.rating:.0f}"
