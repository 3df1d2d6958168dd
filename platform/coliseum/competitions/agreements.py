"""Rows about joining: rules by version, who accepted them, who asks; and competitions in writing."""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

COMPETITION: Final = "competitions.Competition"


class RulesVersion(models.Model):
    """What whoever joins agrees to, as it read at a time; never changed once somebody accepted it."""

    competition = models.ForeignKey(COMPETITION, on_delete=models.CASCADE, related_name="rules_versions")
    number = models.PositiveIntegerField()
    """1, 2, 3 ... within the competition."""
    text = models.TextField(blank=True)
    """Markdown."""
    terms = models.JSONField(default=dict, blank=True)
    """Who sees replays and code, by name, as the file says it."""
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="rules_version_once"),
        ]

    def __str__(self) -> str:
        return f"Rules of {self.competition}, version {self.number}"


class Acceptance(models.Model):
    """A person accepted a version of the rules."""

    version = models.ForeignKey(RulesVersion, on_delete=models.CASCADE, related_name="acceptances")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="acceptances")
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="accepted_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.version}"


class JoinRequest(models.Model):
    """Somebody asks to be let in where the host decides; the rules were accepted with it."""

    class State(models.TextChoices):
        """What came of it."""

        WAITING = "waiting", _("waiting")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    competition = models.ForeignKey(COMPETITION, on_delete=models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="join_requests")
    note = models.CharField(max_length=400, blank=True)
    """What they say about themselves; hosts read it."""
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=400, blank=True)
    """Why not; the person reads it."""

    class Meta:
        ordering = ["asked_at"]
        constraints = [models.UniqueConstraint(fields=["competition", "user"], name="one_request_each")]

    def __str__(self) -> str:
        return f"{self.user} asks for {self.competition}"


class Plan(models.Model):
    """A competition that is being written in the wizard: the tables of its file, right or not yet."""

    id = models.CharField(primary_key=True, max_length=18, editable=False)
    """Drawn when the form is first shown, so that a form sent twice makes one plan."""
    host = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plans")
    tables = models.JSONField(default=dict, blank=True)
    """As `competition.toml` says them; times as ISO texts."""
    steps = models.JSONField(default=list, blank=True)
    """Numbers of the steps that were saved."""
    competition = models.OneToOneField(
        COMPETITION, null=True, blank=True, on_delete=models.SET_NULL, related_name="plan"
    )
    """What was made of it; then the plan is over."""
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-changed_at"]

    def __str__(self) -> str:
        return str(self.tables.get("competition", {}).get("title", "")) or "A competition without a title"
