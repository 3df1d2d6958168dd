from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matches", "0006_place_matches_in_phases")]

    operations = [
        migrations.AddField(
            model_name="match",
            name="in_ledger",
            field=models.BooleanField(default=False),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(
                condition=models.Q(("is_counted", False)), fields=["phase"], name="uncounted_matches"
            ),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(
                condition=models.Q(("in_ledger", False), ("phase__isnull", False), ("state", "finished")),
                fields=["phase", "id"],
                name="unsealed_matches",
            ),
        ),
    ]
