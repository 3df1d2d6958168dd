"""Every league match counts for the first phase of its competition."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def place(apps, schema_editor) -> None:
    """Give each league match its competition's first phase."""
    phases = apps.get_model("competitions", "Phase").objects.filter(competition=OuterRef("competition_id"))
    league = apps.get_model("matches", "Match").objects.filter(kind="league", phase=None)
    league.update(phase=Subquery(phases.order_by("pk").values("pk")[:1]))


class Migration(migrations.Migration):
    dependencies = [("matches", "0005_phases"), ("competitions", "0003_first_phases")]
    operations = [migrations.RunPython(place, migrations.RunPython.noop)]
