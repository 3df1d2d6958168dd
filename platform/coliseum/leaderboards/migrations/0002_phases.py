"""Leaderboards by phase: what is computed is made anew, what is history gets a phase in the next step."""

import django.db.models.deletion
from django.db import migrations, models

_INTERVAL = [
    ("rating", models.FloatField()),
    ("low", models.FloatField()),
    ("high", models.FloatField()),
]


def _to_phase(related_name: str, kind: type[models.ForeignKey] = models.ForeignKey, **options) -> models.ForeignKey:
    return kind(
        on_delete=django.db.models.deletion.CASCADE,
        related_name=related_name,
        to="competitions.phase",
        **options,
    )


def _key() -> tuple[str, models.Field]:
    return (
        "id",
        models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("competitions", "0002_phases"),
        ("leaderboards", "0001_initial"),
        ("submissions", "0001_initial"),
    ]

    operations = [
        migrations.DeleteModel("Snapshot"),
        migrations.DeleteModel("Standing"),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                _key(),
                ("matches", models.PositiveIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("parameters", models.JSONField(default=dict)),
                ("computed_at", models.DateTimeField(blank=True, null=True)),
                ("phase", _to_phase("snapshot", models.OneToOneField)),
            ],
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                _key(),
                ("rank", models.PositiveIntegerField()),
                ("rank_low", models.PositiveIntegerField()),
                ("rank_high", models.PositiveIntegerField()),
                *_INTERVAL,
                ("p_best", models.FloatField(default=0.0)),
                ("p_top3", models.FloatField(default=0.0)),
                ("p_top10", models.FloatField(default=0.0)),
                ("field_rate", models.FloatField(blank=True, null=True)),
                ("nash", models.FloatField(blank=True, null=True)),
                (
                    "worst_opponent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="submissions.submission",
                    ),
                ),
                ("worst_rate", models.FloatField(blank=True, null=True)),
                ("worst_low", models.FloatField(blank=True, null=True)),
                ("band", models.PositiveIntegerField(default=0)),
                ("episodes_to_next", models.FloatField(blank=True, null=True)),
                ("roles", models.JSONField(default=list)),
                ("flags", models.JSONField(default=list)),
                ("matches", models.PositiveIntegerField()),
                ("wins", models.PositiveIntegerField(default=0)),
                ("draws", models.PositiveIntegerField(default=0)),
                ("losses", models.PositiveIntegerField(default=0)),
                ("forfeits", models.PositiveIntegerField(default=0)),
                ("episodes", models.PositiveIntegerField(default=0)),
                ("opponents", models.PositiveIntegerField(default=0)),
                ("provisional", models.BooleanField(default=True)),
                ("phase", _to_phase("standings", db_index=False)),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standings",
                        to="submissions.submission",
                    ),
                ),
            ],
            options={
                "ordering": ["rank", "submission_id"],
                "indexes": [models.Index(fields=["phase", "rank"], name="standings_in_order")],
                "constraints": [
                    models.UniqueConstraint(fields=("phase", "submission"), name="one_standing_per_phase")
                ],
            },
        ),
        migrations.CreateModel(
            name="Plot",
            fields=[
                _key(),
                ("name", models.CharField(max_length=30)),
                ("content", models.JSONField(default=dict)),
                ("computed_at", models.DateTimeField()),
                ("phase", _to_phase("plots", db_index=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("phase", "name"), name="plot_once")],
            },
        ),
        migrations.AddField(
            "ratingchange", "phase", _to_phase("rating_changes", db_index=False, null=True)
        ),
    ]
