"""Who runs the schedule: one process at a time."""

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
