"""Who runs the schedule: one process at a time."""

from django.db import models


class Baton(models.Model):
    """A named right to run a job, held until a time; whoever takes it first runs."""

    name = models.CharField(primary_key=True, max_length=40)
    held_until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
