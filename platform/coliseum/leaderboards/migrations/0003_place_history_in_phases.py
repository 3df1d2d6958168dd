"""Every rating that was kept belongs to the first phase of its competition."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def place(apps, schema_editor) -> None:
    """Give each rating its competition's first phase."""
    phases = apps.get_model("competitions", "Phase").objects.filter(
        competition__entries__submissions=OuterRef("submission_id")
    )
    changes = apps.get_model("leaderboards", "RatingChange").objects.filter(phase=None)
    changes.update(phase=Subquery(phases.order_by("pk").values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [("leaderboards", "0002_phases"), ("competitions", "0003_first_phases")]
    operations = [migrations.RunPython(place, migrations.RunPython.noop)]
