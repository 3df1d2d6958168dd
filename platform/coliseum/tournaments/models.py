"""Tournaments as rows: entrants, stages with their fields, pairings, the matches of each, who left."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coliseum.competitions.models import Competition
from coliseum.ids import new_id
from coliseum.matches.models import Match
from coliseum.submissions.models import Submission


class TournamentState(models.TextChoices):
    """draft -> running <-> paused -> finished; each but finished -> cancelled."""

    DRAFT = "draft", _("draft")
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")


class Source(models.TextChoices):
    """Where the entrants come from."""

    ACTIVE = "active", _("all agents that are active when it starts")
    TOP = "top", _("the first of the leaderboard when it starts")
    CHOSEN = "chosen", _("chosen agents")


class Seeding(models.TextChoices):
    """What the seeds follow."""

    RATING = "rating", _("rating in the league")
    DRAW = "draw", _("the draw")


class Release(models.TextChoices):
    """When results are shown to everybody."""

    AT_ONCE = "at_once", _("at once")
    BY_ROUND = "by_round", _("round by round, when the host says")
    AT_END = "at_end", _("all together at the end")


class Tournament(models.Model):
    """An event of a competition: a field, a format and in the end a champion."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="tournaments")
    title = models.CharField(max_length=80)
    format = models.CharField(max_length=30)
    """A key of `workers.league.formats.named.FORMATS`."""
    options = models.JSONField(default=dict)
    """All options of the format, by name."""
    source = models.CharField(max_length=8, choices=Source, default=Source.ACTIVE)
    size = models.PositiveIntegerField(default=0)
    """How many of the leaderboard; only where the source is `top`."""
    seeding = models.CharField(max_length=8, choices=Seeding, default=Seeding.RATING)
    release = models.CharField(max_length=8, choices=Release, default=Release.AT_ONCE)
    state = models.CharField(max_length=10, choices=TournamentState, default=TournamentState.DRAFT)
    reason = models.CharField(max_length=400, blank=True)
    """Why it is paused, was cancelled, or could not start by itself."""
    lot = models.BigIntegerField(default=0)
    """Decides what nothing else decides; drawn when it starts, 0 to 2^62 - 1."""
    starts_at = models.DateTimeField(null=True, blank=True)
    """It starts by itself then, and is announced before; empty: when the host says."""
    crowning_runs = models.PositiveIntegerField(default=0)
    """Simulated tournaments so far."""
    crowning_sum = models.FloatField(default=0.0)
    """In how many of them the best won; a shared first place counts by its share."""
    crowned_at = models.DateTimeField(null=True, blank=True)
    """When the latest of the simulations was run."""
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TournamentState.values), name="tournament_state"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(started_at__isnull=False),
                name="tournament_that_runs_has_started",
            ),
        ]
        indexes = [
            # The tick's look: which run, and which are to start.
            models.Index(
                fields=["starts_at"],
                condition=Q(state__in=["draft", "running"]),
                name="tournaments_to_advance",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Say whether nothing more will be played."""
        return self.state in {TournamentState.FINISHED, TournamentState.CANCELLED}

    @property
    def is_announced(self) -> bool:
        """Say whether everybody may see it."""
        return self.state != TournamentState.DRAFT or self.starts_at is not None


class Entrant(models.Model):
    """An agent in a tournament."""

    tournament = models.ForeignKey(Tournament, on_delete=models.CASCADE, related_name="entrants")
    number = models.PositiveIntegerField()
    """From 1; the name of the entrant in fields and line-ups."""
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="entrants")
    seed = models.PositiveIntegerField(null=True, blank=True)
    """From 1, the best; empty until it starts."""
    rating = models.FloatField(null=True, blank=True)
    """In the league at the start, Elo; empty where it had none."""
    deviation = models.FloatField(null=True, blank=True)
    """Standard deviation of the rating, Elo."""

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tournament", "number"], name="entrant_number_once"),
            models.UniqueConstraint(fields=["tournament", "submission"], name="agent_enters_once"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} in {self.tournament_id}"


class Stage(models.Model):
    """One format within a tournament; its field is fixed when it starts."""

    tournament = models.ForeignKey(Tournament, on_delete=models.CASCADE, related_name="stages")
    number = models.PositiveSmallIntegerField()
    """From 1: the place in the plan."""
    entries = models.JSONField(default=list)
    """Numbers of entrants in seed order."""
    ratings = models.JSONField(default=list)
    """Their ratings in the same order; empty where ratings break no ties."""
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["tournament", "number"], name="stage_once")]

    def __str__(self) -> str:
        return f"stage {self.number} of {self.tournament_id}"


class Pairing(models.Model):
    """Who meets whom in a round of a stage."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="pairings")
    round = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    """From 1, within the round."""
    lineup = models.JSONField(default=list)
    """Numbers of entrants by seat of the first match; a single one has a bye."""
    label = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=400, blank=True)
    """Why these meet, for the match page."""
    is_released = models.BooleanField(default=True)
    """Whether everybody may see how it went."""

    class Meta:
        ordering = ["round", "number"]
        constraints = [models.UniqueConstraint(fields=["stage", "round", "number"], name="pairing_once")]

    def __str__(self) -> str:
        return f"pairing {self.round}.{self.number} of {self.stage}"


class PairedMatch(models.Model):
    """One match of a pairing, by its number; a match that failed by our fault is replaced by another."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="paired")
    number = models.PositiveIntegerField()
    """From 1, within the pairing."""
    match = models.OneToOneField(Match, on_delete=models.CASCADE, related_name="paired")
    tries = models.PositiveSmallIntegerField(default=1)
    """Matches that were scheduled for this place because those before failed by our fault, this one among
    them."""
    points = models.JSONField(null=True, blank=True)
    """By place in the pairing's line-up, 0 to 1; null until the match is over, empty where it counts for
    nobody."""

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "paired matches"
        constraints = [models.UniqueConstraint(fields=["pairing", "number"], name="paired_match_once")]
        indexes = [
            # What is to be looked at after results came in.
            models.Index(fields=["match"], condition=Q(points__isnull=True), name="paired_matches_open"),
        ]

    def __str__(self) -> str:
        return f"match {self.number} of {self.pairing}"


class Departure(models.Model):
    """An entrant that left before its stage was over."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="departures")
    entrant = models.ForeignKey(Entrant, on_delete=models.CASCADE, related_name="departures")
    kind = models.CharField(
        max_length=12, choices=[("withdrawn", _("withdrawn")), ("disqualified", _("disqualified"))]
    )
    after_round = models.PositiveIntegerField()
    """The last round of the stage that it was paired in."""
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stage", "entrant"], name="one_departure_per_stage")]

    def __str__(self) -> str:
        return f"{self.entrant} {self.kind}"
