"""Room for the packed form of results beside the old one; 0003 fills it, 0004 drops the old columns."""

import django.db.models.deletion
from django.db import migrations, models

import coliseum.matches.fields


def _aside(model: str, name: str, field: models.Field) -> list[migrations.operations.base.Operation]:
    """Give a column another name and let it be empty, so that every step can be taken back."""
    return [
        migrations.RenameField(model, name, f"old_{name}"),
        migrations.AlterField(model, f"old_{name}", field),
    ]


class Migration(migrations.Migration):
    dependencies = [("matches", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Versions",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", coliseum.matches.fields.HexField(unique=True)),
                ("values", models.JSONField(default=dict)),
            ],
            options={"verbose_name_plural": "versions"},
        ),
        migrations.AddField("match", "limit_factor", models.FloatField(default=1.0)),
        migrations.AddField(
            "match",
            "played_with",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="matches.versions",
            ),
        ),
        *_aside("match", "versions", models.JSONField(null=True)),
        *_aside("match", "digest", models.CharField(max_length=64, blank=True, null=True)),
        migrations.AddField("match", "digest", coliseum.matches.fields.HexField(null=True)),
        *_aside("seat", "usage", models.JSONField(null=True)),
        migrations.AddField("seat", "usage", coliseum.matches.fields.UsageField(null=True)),
        *_aside("episode", "seating", models.JSONField(null=True)),
        migrations.AddField("episode", "seating", coliseum.matches.fields.SeatingField(null=True)),
        *_aside("episode", "seats", models.JSONField(null=True)),
        migrations.AddField("episode", "seats", coliseum.matches.fields.SeatsField(null=True)),
        *_aside("episode", "digest", models.CharField(max_length=64, null=True)),
        migrations.AddField("episode", "digest", coliseum.matches.fields.HexField(null=True)),
    ]
