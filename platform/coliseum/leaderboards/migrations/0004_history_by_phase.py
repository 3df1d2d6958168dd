"""A rating of the history belongs to a phase."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leaderboards", "0003_place_history_in_phases")]
    operations = [
        migrations.RemoveConstraint("ratingchange", "one_change_per_match_count"),
        migrations.AlterField(
            "ratingchange",
            "phase",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rating_changes",
                to="competitions.phase",
            ),
        ),
        migrations.AddConstraint(
            "ratingchange",
            models.UniqueConstraint(
                fields=("submission", "phase", "matches"), name="one_change_per_match_count"
            ),
        ),
    ]
