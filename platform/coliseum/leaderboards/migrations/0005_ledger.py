import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("leaderboards", "0004_history_by_phase"),
        ("matches", "0007_ledger"),
    ]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="root",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField("snapshot", "voided", models.PositiveIntegerField(default=0)),
        migrations.AddField("snapshot", "seconds", models.FloatField(default=0.0)),
        migrations.AddField("snapshot", "studied_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("snapshot", "study_seconds", models.FloatField(default=0.0)),
        migrations.CreateModel(
            name="LedgerPage",
            fields=[
                ("id", models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    )),
                ("number", models.PositiveIntegerField()),
                ("events", models.PositiveIntegerField()),
                ("matches", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("content", models.CharField(max_length=64)),
                ("table_digest", models.CharField(blank=True, max_length=64)),
                ("sealed_at", models.DateTimeField()),
                (
                    "phase",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ledger_pages",
                        to="competitions.phase",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("phase", "number"), name="ledger_page_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerAgent",
            fields=[
                ("id", models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    )),
                ("owner", models.CharField(max_length=18)),
                ("is_active", models.BooleanField()),
                (
                    "phase",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ledger_agents",
                        to="competitions.phase",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("phase", "submission"), name="ledger_agent_once"),
                ],
            },
        ),
    ]
