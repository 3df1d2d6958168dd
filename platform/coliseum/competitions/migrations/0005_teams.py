"""Captains, invitations, and entries that merge into others; names of teams and agents are kept as they look."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_captains(apps, schema_editor):
    """Make the one who has been in a team longest its captain."""
    Team = apps.get_model("competitions", "Team")
    Member = Team.members.through
    first = {}
    for team, user in Member.objects.order_by("-id").values_list("team_id", "user_id"):
        first[team] = user
    for team, user in first.items():
        Team.objects.filter(pk=team, is_house=False).update(captain_id=user)


class Migration(migrations.Migration):
    dependencies = [
        ("competitions", "0004_phase_life"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="team",
            name="captain",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="captained",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="competitions.entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="an_entry_merges_into_another",
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="competitions.entry",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at__isnull", True)),
                fields=("entry",),
                name="one_invitation_per_entry",
            ),
        ),
        migrations.RunPython(name_captains, migrations.RunPython.noop),
    ]
