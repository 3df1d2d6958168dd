"""Matches as rows with a lease, their seats and episodes, and the workers that play them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coliseum.competitions.models import Competition, Phase
from coliseum.ids import new_id
from coliseum.matches.fields import HexField, SeatingField, SeatsField, UsageField
from coliseum.submissions.models import Submission
from workers.spec import Isolation, MatchKind, Outcome


class MatchState(models.TextChoices):
    """queued -> running -> finished | failed | cancelled; running -> queued when a lease ends."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Versions(models.Model):
    """The package versions of a worker, kept once for all matches that were played with them."""

    digest = HexField(unique=True)
    """SHA-256 of the values as sorted JSON, cut to 16 bytes."""
    values = models.JSONField(default=dict)
    """By name: arena engines, numpy, Python, machine."""

    class Meta:
        verbose_name_plural = "versions"

    def __str__(self) -> str:
        return str(self.digest)[:8]


class Match(models.Model):
    """One contest among the agents of a line-up. The row is the truth; the queue only wakes workers."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    competition = models.ForeignKey(
        Competition, on_delete=models.CASCADE, related_name="matches", db_index=False
    )
    phase = models.ForeignKey(
        Phase, null=True, blank=True, on_delete=models.CASCADE, related_name="matches", db_index=False
    )
    """Whose leaderboard a league match counts for; empty for all other kinds."""
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in MatchKind])
    state = models.CharField(max_length=10, choices=MatchState, default=MatchState.QUEUED)
    priority = models.SmallIntegerField(default=0)
    """Higher is played first: validation 10, newcomers 5, league 0."""
    scenario = models.CharField(max_length=40, blank=True)
    """Set where several matches share their episode seeds: score arenas give all agents the same ones."""
    reason = models.CharField(max_length=20, blank=True)
    """Why it was paired: newcomer, explore, gain, floor, validation."""
    propensity = models.FloatField(default=1.0)
    """Probability with which this pairing was chosen."""
    attempt = models.PositiveSmallIntegerField(default=0)
    """How often a worker started it."""
    token = models.CharField(max_length=32, blank=True)
    """Fencing token of the current attempt; a result with another one is refused."""
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    """When a worker said that it plays this attempt; empty while the message is on its way."""
    worker = models.CharField(max_length=80, blank=True)
    isolation = models.SmallIntegerField(
        null=True, blank=True, choices=[(level.value, level.label) for level in Isolation]
    )
    speed = models.FloatField(default=1.0)
    """The worker's; 1 is the reference machine."""
    limit_factor = models.FloatField(default=1.0)
    """What the limits in seconds were multiplied by, because the worker is slower than the reference."""
    seconds = models.FloatField(default=0.0)
    """Wall time on the worker."""
    played_with = models.ForeignKey(
        Versions, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    error = models.CharField(max_length=400, blank=True)
    """The platform's fault in the last attempt, if any."""
    is_counted = models.BooleanField(default=True)
    """False where a finished match was voided or is in quarantine: kept, shown, not rated."""
    is_held = models.BooleanField(default=False)
    """Whether a host holds the result back until its release."""
    in_ledger = models.BooleanField(default=False)
    """Whether the phase's ledger says that it counts."""
    digest = HexField(blank=True, default="")
    """Digest over the episodes' digests; what `coliseum verify` compares."""
    queued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MatchState.values), name="match_state"),
            models.CheckConstraint(
                condition=~Q(state="running") | (~Q(token="") & Q(lease_until__isnull=False)),
                name="running_match_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | Q(finished_at__isnull=False), name="finished_match_has_time"
            ),
        ]
        indexes = [
            # Claim: the next matches to play.
            models.Index(fields=["-priority", "id"], condition=Q(state="queued"), name="queue"),
            # Sweep: leases that ended.
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="leases"),
            # Pairing: how much of a league is still to be played; nothing of what was played is in them.
            models.Index(
                fields=["phase"], condition=Q(state="queued", phase__isnull=False), name="queued_matches"
            ),
            models.Index(
                fields=["phase"], condition=Q(state="running", phase__isnull=False), name="running_matches"
            ),
            # Pages: a competition's matches, newest first.
            models.Index(fields=["competition", "id"], name="competition_matches"),
            # Pages: the few that are not finished, or are no league matches.
            models.Index(
                fields=["state", "competition", "id"],
                condition=~Q(state="finished"),
                name="unfinished_matches",
            ),
            models.Index(
                fields=["kind", "competition", "id"], condition=~Q(kind="league"), name="other_matches"
            ),
            # Rating and pairing: how many count, the latest, and what was played since the last look.
            models.Index(
                fields=["phase", "id"],
                condition=Q(state="finished", phase__isnull=False),
                name="rated_matches",
            ),
            # Rating: the few finished matches that do not count.
            models.Index(fields=["phase"], condition=Q(is_counted=False), name="uncounted_matches"),
            # Sealing: what the ledger does not know yet.
            models.Index(
                fields=["phase", "id"],
                condition=Q(state="finished", in_ledger=False, phase__isnull=False),
                name="unsealed_matches",
            ),
        ]

    def __str__(self) -> str:
        return self.id

    @property
    def versions(self) -> dict[str, str]:
        """Return the package versions that determine the result; empty until the match was played."""
        return dict(self.played_with.values) if self.played_with else {}

    @property
    def seed_source(self) -> str:
        """Return what the episode seeds are drawn from: the shared scenario, or the match itself."""
        return self.scenario or self.pk

    @property
    def seed_secret(self) -> str:
        """Return the hex key its seeds are drawn under: the phase's, or the competition's outside any."""
        return self.phase.seed_secret if self.phase else self.competition.seed_secret


class Seat(models.Model):
    """One member of a match's line-up and what it got over all episodes."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="seats", db_index=False)
    position = models.PositiveSmallIntegerField()
    """Index into the line-up."""
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="seats", db_index=False)
    outcome = models.CharField(
        max_length=20, blank=True, choices=[(outcome.value, outcome.value) for outcome in Outcome]
    )
    """Worst over the episodes; empty until the match is finished."""
    score = models.FloatField(null=True, blank=True)
    """Mean over the episodes, in the unit of the arena's objective."""
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    forfeits = models.PositiveSmallIntegerField(default=0)
    """Episodes lost by its own fault."""
    usage = UsageField(default=dict)
    """Times, memory and log, as `workers.spec.AgentUsage`; for the owner."""

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["match", "position"], name="seat_once")]
        indexes = [
            # Pages: an agent's matches, newest first.
            models.Index(fields=["submission", "match"], name="seats_of_agent"),
            # Pages: the few matches with a forfeit.
            models.Index(fields=["match"], condition=Q(forfeits__gt=0), name="forfeited_seats"),
        ]

    def __str__(self) -> str:
        return f"{self.match_id}#{self.position}"


class Episode(models.Model):
    """One reset-to-end run of a finished match. Append-only."""

    match = models.ForeignKey(Match, on_delete=models.CASCADE, related_name="episodes", db_index=False)
    index = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    """Environment seed; shown once the match is finished."""
    seating = SeatingField()
    """For each seat, the line-up position of the agent in it."""
    seats = SeatsField()
    """In seat order, as `workers.spec.SeatResult`."""
    turns = models.PositiveIntegerField()
    truncated = models.BooleanField(default=False)
    digest = HexField()
    actions = models.BinaryField()
    """The action log, from which the episode can be played again."""
    trajectory = models.CharField(max_length=120, blank=True)
    """Storage key of the drawn form; empty if none was recorded."""
    thought = models.BinaryField(default=b"")
    """Of episodes that are drawn from their actions: how long each seat thought, see `arenas.thought`."""

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["match", "index"], name="episode_once")]

    def __str__(self) -> str:
        return f"{self.match_id}.{self.index}"


class Pictures(models.Model):
    """Pictures of an episode that somebody asked for: being made, made, or impossible."""

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="pictures")
    asked_at = models.DateTimeField(db_index=True)
    """When they were asked for last; the index serves the limit on how many are made at a time."""
    made_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=120, blank=True)
    """Storage key of the WebP; empty until it is made, and where it cannot be."""
    problem = models.CharField(max_length=400, blank=True)
    """Why there are none, in a sentence that everybody may read."""
    seconds = models.FloatField(default=0.0)
    """What making them took."""

    class Meta:
        verbose_name_plural = "pictures"

    def __str__(self) -> str:
        return f"{self.episode_id}: {self.key or self.problem or 'asked for'}"


class AuditVerdict(models.TextChoices):
    """waiting -> reproduced | replayed | differs | unplayed."""

    WAITING = "waiting", _("waiting")
    REPRODUCED = "reproduced", _("reproduced")
    """The agents were played again and did the very same."""
    REPLAYED = "replayed", _("replayed")
    """They did otherwise, as agents that look at the clock may; what was recorded still gives its result."""
    DIFFERS = "differs", _("differs")
    UNPLAYED = "unplayed", _("unplayed")
    """Our fault: it could not be played again."""


class Audit(models.Model):
    """A finished match that was drawn to be played once more, on another worker where there is one."""

    match = models.OneToOneField(Match, on_delete=models.CASCADE, related_name="audit")
    again = models.OneToOneField(Match, on_delete=models.CASCADE, related_name="audited")
    """The second playing: same arena, agents, seats, seeds and limits; it counts for nothing."""
    verdict = models.CharField(max_length=10, choices=AuditVerdict, default=AuditVerdict.WAITING)
    note = models.CharField(max_length=400, blank=True)
    """What was found, in a sentence that everybody may read."""
    judged_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.match_id}: {self.verdict}"


class Worker(models.Model):
    """A match worker as it last reported itself."""

    name = models.CharField(primary_key=True, max_length=80)
    seen_at = models.DateTimeField()
    slots = models.PositiveSmallIntegerField(default=1)
    """Matches it plays at a time."""
    isolation = models.SmallIntegerField(default=0)
    speed = models.FloatField(default=1.0)
    """Measured; 1 is the reference machine."""
    checks = models.JSONField(default=list)
    """The self-test's probes."""
    problem = models.CharField(max_length=400, blank=True)
    """Why it refuses to play; empty when it plays."""

    def __str__(self) -> str:
        return self.name
