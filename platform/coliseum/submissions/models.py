"""One upload of an agent, and what became of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coliseum.competitions.models import Entry, Phase
from coliseum.ids import new_id


class SubmissionState(models.TextChoices):
    """uploaded -> validating -> ready | rejected; ready -> retired."""

    UPLOADED = "uploaded", _("uploaded")
    VALIDATING = "validating", _("validating")
    READY = "ready", _("ready")
    REJECTED = "rejected", _("rejected")
    RETIRED = "retired", _("retired")


class Role(models.TextChoices):
    """What an agent is for."""

    MAIN = "main", _("main")
    """A team's own agent: plays, is rated, takes a place. So are the house's (their team says so)."""
    CHAMPION = "champion", _("champion")
    """The house's frozen copy of a number 1; plays and is rated like a baseline."""
    BACKGROUND = "background", _("background")
    """A host's agent that others meet; rated, but without a place."""
    HOLDOUT = "holdout", _("holdout")
    """A host's secret agent; meets others only where over-fitting to the field is looked for."""
    EXPLOITER = "exploiter", _("exploiter")
    """Made to beat one agent; plays its trial and nothing else."""
    REHEARSAL = "rehearsal", _("test")
    """Tried from the editor: validated and never anything else; the next one of the entry takes its place."""


class Package(models.Model):
    """The bytes of an upload, known by their digest; kept once however often they are sent."""

    digest = models.CharField(primary_key=True, max_length=64)
    """SHA-256 of the uploaded bytes, hex; the file lies in storage under it."""
    file_name = models.CharField(max_length=16)
    """agent.py, agent.zip or policy.onnx: how the runner unpacks it."""
    size_bytes = models.PositiveBigIntegerField()
    unpacked_bytes = models.PositiveBigIntegerField()
    file_count = models.PositiveIntegerField()
    entry_point = models.CharField(max_length=16)
    """class, function or model."""
    stored_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    """Since when the bytes are gone, because the account of who sent them is."""

    def __str__(self) -> str:
        return self.digest[:12]


class Submission(models.Model):
    """One upload of an agent by an entry."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    """1, 2, 3 ... within the entry; shown as v1, v2, v3. A rehearsal has 0: an entry has one at most."""
    name = models.CharField(max_length=80)
    """What the agent is called on the leaderboard."""
    note = models.CharField(max_length=400, blank=True)
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="submissions")
    original_name = models.CharField(max_length=255, blank=True)
    """File name as uploaded, for its owner."""
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=12, choices=SubmissionState, default=SubmissionState.UPLOADED)
    is_active = models.BooleanField(default=False)
    """Whether it plays in the league."""
    role = models.CharField(max_length=10, choices=Role, default=Role.MAIN)
    origin = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies")
    """What a champion is a frozen copy of."""
    baseline = models.CharField(max_length=40, blank=True)
    """Name of the arena's baseline it was made from; empty for participants' agents."""
    code = models.CharField(max_length=40, blank=True)
    """Verdict of validation: ok, an outcome, or a refusal code."""
    message = models.TextField(blank=True)
    hint = models.TextField(blank=True)
    checks = models.JSONField(default=list)
    """The steps of the validation ladder, as `workers.spec.Check`."""
    usage = models.JSONField(default=dict)
    """Times and memory of the validation match, as `workers.spec.AgentUsage`; for the owner."""
    only_if_better = models.BooleanField(default=False)
    """Whether it goes into play only once it is shown to be better than its predecessor."""
    suspended_at = models.DateTimeField(null=True, blank=True)
    """Since when it is out of play because it forfeits too often."""
    let_back_at = models.DateTimeField(null=True, blank=True)
    """When it was let back in; forfeits before that are forgotten."""
    retried_at = models.DateTimeField(null=True, blank=True)
    """When its owner last asked for another validation."""
    retries = models.PositiveSmallIntegerField(default=0)
    """Validation matches beside its first."""
    idempotency_key = models.CharField(max_length=255, blank=True)
    uploaded_at = models.DateTimeField()
    validated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "package"],
                condition=~Q(role="rehearsal"),
                name="same_content_is_same_submission",
            ),
            models.UniqueConstraint(fields=["entry", "number"], name="submission_number_once"),
            models.UniqueConstraint(
                fields=["uploaded_by", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="idempotency_key_once",
            ),
            models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name="submission_state"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="submission_role"),
            models.CheckConstraint(
                condition=Q(is_active=False) | ~Q(role="rehearsal"), name="rehearsals_are_inactive"
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(suspended_at__isnull=True),
                name="suspended_submissions_are_inactive",
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(state="ready"), name="only_ready_submissions_are_active"
            ),
        ]
        indexes = [
            # The sweeper's look for uploads without a validation match.
            models.Index(fields=["state"], condition=Q(state__in=["uploaded", "validating"]), name="waiting"),
            # The agents that pairing may seat.
            models.Index(fields=["entry"], condition=Q(is_active=True), name="active_submissions"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}" if self.number else f"{self.name} (test)"

    @property
    def is_rehearsal(self) -> bool:
        """Say whether it is tried only, and will never play against others."""
        return self.role == Role.REHEARSAL

    @property
    def standing(self) -> Any:  # Any: a row of the leaderboards app, which stands above this one
        """Return its row on the latest leaderboard it stands on, if any; queries prefetch `standings`."""
        return max(self.standings.all(), key=lambda standing: standing.phase_id, default=None)


class Contender(models.Model):
    """An agent with a place of its own in a phase: named for a final, or in play when a season closed."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="contenders", db_index=False)
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="contests")
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    """Who named it for a final; empty where a rule did."""
    named_at = models.DateTimeField()
    cut_at = models.PositiveIntegerField(null=True, blank=True)
    """Episodes of each finalist after which it left a final; it keeps its place."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """Since when it takes no place; its results stay."""
    withdrawn_reason = models.CharField(max_length=400, blank=True)
    """Shown to everybody."""
    place = models.PositiveIntegerField(null=True, blank=True)
    """Where it ended, once the phase is settled; those who share a place have the same."""

    class Meta:
        ordering = ["phase_id", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "submission"], name="one_contender_per_phase"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} in {self.phase}"


class Purpose(models.TextChoices):
    """What a trial is to show."""

    GATE = "gate", _("better than its predecessor")
    EXPLOIT = "exploit", _("beats its target")
    CONTROL = "control", _("how it does against others")


class Verdict(models.TextChoices):
    """How a trial stands; the words of `workers.league.sequential`, and one where it was broken off."""

    OPEN = "open", _("open")
    BETTER = "better", _("better")
    NOT_BETTER = "not_better", _("not better")
    UNDECIDED = "undecided", _("undecided")
    DROPPED = "dropped", _("broken off")


class Trial(models.Model):
    """A series of matches between a submission and another one, judged after every match."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="trials")
    opponent = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="opposed")
    purpose = models.CharField(max_length=8, choices=Purpose)
    verdict = models.CharField(max_length=12, choices=Verdict, default=Verdict.OPEN)
    matches = models.PositiveIntegerField(default=0)
    """Matches up to the verdict, or so far."""
    episodes = models.PositiveIntegerField(default=0)
    points = models.FloatField(null=True, blank=True)
    """Mean share of points of the submission, 0 to 1."""
    ratio = models.FloatField(default=0.0)
    """Logarithm of the likelihood ratio; the verdict falls where it leaves the bounds of the test."""
    started_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "opponent", "purpose"], name="trial_once"),
            models.CheckConstraint(
                condition=~Q(submission=models.F("opponent")), name="trial_against_another_submission"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="trial_verdict"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="trial_purpose"),
        ]
        indexes = [
            # The tick's look for trials that go on.
            models.Index(fields=["verdict"], condition=Q(verdict="open"), name="open_trials"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} against {self.opponent}"
