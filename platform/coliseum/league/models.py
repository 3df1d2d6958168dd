"""Who runs the schedule, what the panel checks found, and what is wrong with the site."""

from django.conf import settings
from django.db import models

from coliseum.competitions.models import Phase


class Baton(models.Model):
    """A named right to run a job, held until a time; whoever takes it first runs."""

    name = models.CharField(primary_key=True, max_length=40)
    held_until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class PanelCheck(models.Model):
    """One look at how the first agents of a board do against the host's secret agents."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="panel_checks")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    rows = models.JSONField(default=list)
    """For each agent: submission, gap, low, high (rating points), episodes."""

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["phase"], condition=models.Q(finished_at=None), name="one_open_panel_check"
            ),
        ]

    def __str__(self) -> str:
        return f"panel check of {self.phase}"


class Incident(models.Model):
    """Something that is wrong with the site, as an administrator tells it to everybody."""

    title = models.CharField(max_length=120)
    text = models.CharField(max_length=1000, blank=True)
    """What people notice and what is being done; plain text."""
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    """Empty while it goes on: then every page says so."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("started_at")),
                name="incident_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.title
