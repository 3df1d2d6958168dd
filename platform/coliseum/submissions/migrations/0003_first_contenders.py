"""Seasons that were closed before keep the agents that stand in them now."""

from django.db import migrations
from django.utils import timezone


def keep(apps, schema_editor) -> None:
    """Give a place to whoever is in play."""
    contender = apps.get_model("submissions", "Contender")
    submission = apps.get_model("submissions", "Submission")
    for phase in apps.get_model("competitions", "Phase").objects.filter(state="closed"):
        playing = submission.objects.filter(
            entry__competition=phase.competition_id, is_active=True, entry__disqualified_at=None
        )
        contender.objects.bulk_create(
            contender(phase=phase, submission=each, named_at=timezone.now()) for each in playing.order_by("id")
        )


class Migration(migrations.Migration):
    dependencies = [("competitions", "0004_phase_life"), ("submissions", "0002_contenders")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
