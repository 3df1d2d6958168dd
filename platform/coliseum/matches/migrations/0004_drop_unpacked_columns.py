"""Drop the unpacked form of results and the indexes that others cover."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import coliseum.matches.fields


def drop_pattern_indexes(apps, schema_editor) -> None:
    """Drop the second index that Django gives text keys on PostgreSQL, for searches by prefix nobody does."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND "
            r"(indexname LIKE 'matches\_match\_id\_%\_like' OR "
            r"indexname LIKE 'matches\_seat\_submission\_id\_%\_like')"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")


def _without_own_index(to: str, related_name: str) -> models.Field:
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to=to
    )


class Migration(migrations.Migration):
    dependencies = [("matches", "0003_pack_results"), ("competitions", "0001_initial")]

    operations = [
        migrations.RemoveField("match", "old_versions"),
        migrations.RemoveField("match", "old_digest"),
        migrations.RemoveField("seat", "old_usage"),
        migrations.RemoveField("episode", "old_seating"),
        migrations.RemoveField("episode", "old_seats"),
        migrations.RemoveField("episode", "old_digest"),
        migrations.AlterField("match", "digest", coliseum.matches.fields.HexField(blank=True, default="")),
        migrations.AlterField("match", "scenario", models.CharField(blank=True, max_length=40)),
        migrations.AlterField("seat", "usage", coliseum.matches.fields.UsageField(default=dict)),
        migrations.AlterField("episode", "seating", coliseum.matches.fields.SeatingField()),
        migrations.AlterField("episode", "seats", coliseum.matches.fields.SeatsField()),
        migrations.AlterField("episode", "digest", coliseum.matches.fields.HexField()),
        migrations.RemoveIndex("match", "competition_matches"),
        migrations.AlterField("match", "competition", _without_own_index("competitions.competition", "matches")),
        migrations.AlterField("episode", "match", _without_own_index("matches.match", "episodes")),
        migrations.AlterField("seat", "match", _without_own_index("matches.match", "seats")),
        migrations.AddIndex(
            "match", models.Index(fields=["competition", "id"], name="competition_matches")
        ),
        migrations.AddIndex(
            "match",
            models.Index(
                fields=["competition", "id"],
                condition=Q(state="finished", kind="league"),
                name="rated_matches",
            ),
        ),
        migrations.AddIndex(
            "match",
            models.Index(fields=["competition", "kind"], condition=Q(state="queued"), name="queued_matches"),
        ),
        migrations.AddIndex(
            "match",
            models.Index(
                fields=["competition", "kind"], condition=Q(state="running"), name="running_matches"
            ),
        ),
        migrations.RunPython(drop_pattern_indexes, migrations.RunPython.noop),
    ]
