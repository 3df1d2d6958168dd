"""Every competition gets its first public phase; its seeds go on being drawn under the same secret."""

from django.db import migrations


def begin(apps, schema_editor) -> None:
    """Make the phases."""
    phase = apps.get_model("competitions", "Phase")
    for competition in apps.get_model("competitions", "Competition").objects.filter(phases=None):
        is_over = competition.state == "closed"
        phase.objects.create(
            competition=competition,
            kind="public",
            number=1,
            state="closed" if is_over else "open",
            opened_at=competition.opens_at,
            closed_at=competition.closes_at if is_over else None,
            seed_secret=competition.seed_secret,
        )


class Migration(migrations.Migration):
    dependencies = [("competitions", "0002_phases")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
