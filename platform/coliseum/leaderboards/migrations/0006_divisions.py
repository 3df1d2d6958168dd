"""Divisions: parts of a large field, to show it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leaderboards", "0005_ledger")]
    operations = [
        migrations.AddField("standing", "division", models.PositiveSmallIntegerField(default=0)),
    ]
