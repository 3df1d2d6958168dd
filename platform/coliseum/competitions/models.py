"""What is run by a host: competitions, the teams in them, the acts on them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coliseum.ids import new_id


class CompetitionState(models.TextChoices):
    """Life of a competition: draft -> open <-> paused -> closed."""

    DRAFT = "draft", "draft"
    OPEN = "open", "open"
    PAUSED = "paused", "paused"
    CLOSED = "closed", "closed"


class Competition(models.Model):
    """A run event in one arena, with dates, rules and a leaderboard."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    title = models.CharField(max_length=80)
    summary = models.CharField(max_length=200, blank=True)
    """One sentence for cards."""
    overview = models.TextField(blank=True)
    """Markdown."""
    rules = models.TextField(blank=True)
    """Markdown."""
    arena = models.CharField(max_length=80)
    """Arena id with version; never changes once a match was played."""
    state = models.CharField(max_length=8, choices=CompetitionState, default=CompetitionState.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    """No more submissions after this; empty means it runs until a host closes it."""
    daily_submissions = models.PositiveIntegerField(default=5)
    """Per team and UTC day; failed validations do not count."""
    active_submissions = models.PositiveIntegerField(default=2)
    """How many of a team's submissions play at a time."""
    target_matches = models.PositiveIntegerField(default=200)
    """The league stops scheduling an agent that has this many rated matches."""
    limits = models.JSONField(default=dict, blank=True)
    """Overrides of the arena's limits, by name: seconds and bytes."""
    seed_secret = models.CharField(max_length=64)
    """Hex key that all scenario seeds are drawn from; never shown."""
    hosts = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="hosted", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=models.F("opens_at")),
                name="competition_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(state__in=CompetitionState.values), name="competition_state"),
        ]

    def __str__(self) -> str:
        return self.title


class Team(models.Model):
    """People who submit together; a team of one is made for everybody who joins alone."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    name = models.CharField(max_length=80)
    is_house = models.BooleanField(default=False)
    """The platform's own team, which enters baselines; it has no quota and may meet itself."""
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """A team in a competition."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="entries")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="entries")
    joined_at = models.DateTimeField()
    """When its members accepted the rules."""
    disqualified_at = models.DateTimeField(null=True, blank=True)
    disqualified_reason = models.CharField(max_length=400, blank=True)
    """Shown to everybody."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["competition", "team"], name="one_entry_per_team"),
        ]

    def __str__(self) -> str:
        return f"{self.team} in {self.competition}"

    @property
    def is_disqualified(self) -> bool:
        """Say whether the entry is out of the competition."""
        return self.disqualified_at is not None


class Act(models.Model):
    """What a host or administrator did, for everybody to read; never changed."""

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="acts")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"
