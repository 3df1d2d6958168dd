"""One upload of an agent, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from coliseum.competitions.models import Entry
from coliseum.ids import new_id


class SubmissionState(models.TextChoices):
    """uploaded -> validating -> ready | rejected; ready -> retired."""

    UPLOADED = "uploaded", "uploaded"
    VALIDATING = "validating", "validating"
    READY = "ready", "ready"
    REJECTED = "rejected", "rejected"
    RETIRED = "retired", "retired"


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

    def __str__(self) -> str:
        return self.digest[:12]


class Submission(models.Model):
    """One upload of an agent by an entry."""

    id = models.CharField(primary_key=True, max_length=18, default=new_id, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    """1, 2, 3 ... within the entry; shown as v1, v2, v3."""
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
    idempotency_key = models.CharField(max_length=255, blank=True)
    uploaded_at = models.DateTimeField()
    validated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "package"], name="same_content_is_same_submission"),
            models.UniqueConstraint(fields=["entry", "number"], name="submission_number_once"),
            models.UniqueConstraint(
                fields=["uploaded_by", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="idempotency_key_once",
            ),
            models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name="submission_state"),
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
        return f"{self.name} v{self.number}"
