"""The computed table of a phase: its rows, what they were computed from, what its plots show."""

from django.db import models

from coliseum.competitions.models import Phase
from coliseum.submissions.models import Submission


class Snapshot(models.Model):
    """One fit of all rated matches; a pure function of them."""

    phase = models.OneToOneField(Phase, on_delete=models.CASCADE, related_name="snapshot")
    matches = models.PositiveIntegerField(default=0)
    """How many rated matches it was computed from."""
    voided = models.PositiveIntegerField(default=0)
    """How many finished matches did not count."""
    digest = models.CharField(max_length=64, blank=True)
    parameters = models.JSONField(default=dict)
    """What the fit learned: prior spread, dispersion, seat effects."""
    computed_at = models.DateTimeField(null=True, blank=True)
    root = models.CharField(max_length=64, blank=True)
    """Root of the ledger it was computed from; empty while it knows results that are not sealed yet."""
    seconds = models.FloatField(default=0.0)
    """What it took to compute."""
    studied_at = models.DateTimeField(null=True, blank=True)
    """When the slow columns and the plots were computed last."""
    study_seconds = models.FloatField(default=0.0)
    compared_with = models.DateField(null=True, blank=True)
    """The day whose last board `Standing.rank_before` is of; empty on the first day."""

    def __str__(self) -> str:
        return f"{self.phase} at {self.matches} matches"


class Standing(models.Model):
    """One row of the leaderboard, stored with its rank so that a page only reads."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="standings", db_index=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="standings")
    rank = models.PositiveIntegerField()
    rank_low = models.PositiveIntegerField()
    rank_high = models.PositiveIntegerField()
    """95 % interval of the rank: low is the best place it may deserve."""
    rank_before = models.PositiveIntegerField(null=True, blank=True)
    """Its place on the last board of an earlier day (`Snapshot.compared_with`); empty if it had none."""
    rating = models.FloatField()
    """Elo scale (400 points are 10:1 odds) or the mean score, by the arena's objective."""
    low = models.FloatField()
    high = models.FloatField()
    """95 % interval of the rating."""
    p_best = models.FloatField(default=0.0)
    """Probability, 0 to 1, that no other agent of the board is better."""
    p_top3 = models.FloatField(default=0.0)
    p_top10 = models.FloatField(default=0.0)
    field_rate = models.FloatField(null=True, blank=True)
    """Expected share of points against the whole field, every owner weighing the same; 0 to 1."""
    nash = models.FloatField(null=True, blank=True)
    """Mean probability of the agent in equilibria of drawn payoff tables; only two-seat zero-sum arenas."""
    worst_opponent = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    worst_rate = models.FloatField(null=True, blank=True)
    """Expected share of points against the worst opponent."""
    worst_low = models.FloatField(null=True, blank=True)
    """How much of it is lost for certain: the 95 % lower bound of that opponent's share minus one half."""
    band = models.PositiveIntegerField(default=0)
    """Agents of the same band cannot be told from the best of it (P < .95)."""
    division = models.PositiveSmallIntegerField(default=0)
    """Part of a large field it is shown in, 0 is the first; changes nothing about who meets whom."""
    episodes_to_next = models.FloatField(null=True, blank=True)
    """How many more episodes would probably separate it from the agent one place above."""
    roles = models.JSONField(default=list)
    """Rating, low and high by role, where seats are of several kinds."""
    flags = models.JSONField(default=list)
    """Words of a closed list: `few_opponents`, `forfeits`, ..."""
    matches = models.PositiveIntegerField()
    wins = models.PositiveIntegerField(default=0)
    draws = models.PositiveIntegerField(default=0)
    losses = models.PositiveIntegerField(default=0)
    forfeits = models.PositiveIntegerField(default=0)
    episodes = models.PositiveIntegerField(default=0)
    opponents = models.PositiveIntegerField(default=0)
    provisional = models.BooleanField(default=True)
    turn_seconds = models.FloatField(null=True, blank=True)
    """Median over its latest matches of the time that 99 % of its turns stayed below; made now and then."""

    class Meta:
        ordering = ["rank", "submission_id"]
        indexes = [
            # The leaderboard page, in order.
            models.Index(fields=["phase", "rank"], name="standings_in_order"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["phase", "submission"], name="one_standing_per_phase"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.submission}"


class BoardDay(models.Model):
    """The board of a phase as it stood at the end of a day; kept once, never changed."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    """In UTC."""
    rows = models.JSONField(default=list)
    """Lists of the fields of `days.DayRow`, the best first; no names, so that these can be erased."""
    matches = models.PositiveIntegerField()
    """How many rated matches it was computed from."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase", "day"], name="one_board_a_day")]

    def __str__(self) -> str:
        return f"{self.phase} on {self.day}"


class Plot(models.Model):
    """What one plot of a leaderboard shows, computed beside the fit so that a page only draws."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="plots", db_index=False)
    name = models.CharField(max_length=30)
    content = models.JSONField(default=dict)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase", "name"], name="plot_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.phase}"


class RatingChange(models.Model):
    """A rating at one time, for the history plot."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="rating_changes", db_index=False)
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
            models.UniqueConstraint(
                fields=["submission", "phase", "matches"], name="one_change_per_match_count"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.rating:.0f}"


class LedgerPage(models.Model):
    """Lines of a phase's ledger that were sealed together; never changed."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="ledger_pages", db_index=False)
    number = models.PositiveIntegerField()
    """1, 2, 3 ... within the phase."""
    events = models.PositiveIntegerField()
    """Lines on this page."""
    matches = models.PositiveIntegerField()
    """Matches that count after this page."""
    digest = models.CharField(max_length=64)
    """Hash of the last line: the ledger's root after this page."""
    content = models.CharField(max_length=64)
    """SHA-256 of the lines, under which the storage keeps them."""
    table_digest = models.CharField(max_length=64, blank=True)
    """Digest of the official table: the one fitted from all lines up to here; empty where none was fitted."""
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["phase", "number"], name="ledger_page_once")]

    def __str__(self) -> str:
        return f"page {self.number} of {self.phase}"


class LedgerAgent(models.Model):
    """What a phase's ledger says of an agent so far."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="ledger_agents", db_index=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="+", db_index=False)
    owner = models.CharField(max_length=18)
    is_active = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase", "submission"], name="ledger_agent_once")]

    def __str__(self) -> str:
        return f"{self.submission_id} in the ledger of {self.phase}"
