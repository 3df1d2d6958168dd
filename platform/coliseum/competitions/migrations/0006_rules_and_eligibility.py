"""Who may join, what is revealed when, versions of the rules with who accepted them, and plans of the wizard."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def write_first_versions(apps, schema_editor):
    """Give every competition its first version of the rules, accepted by whoever has joined."""
    Competition = apps.get_model("competitions", "Competition")
    RulesVersion = apps.get_model("competitions", "RulesVersion")
    Acceptance = apps.get_model("competitions", "Acceptance")
    Entry = apps.get_model("competitions", "Entry")
    terms = {"replays": "public", "code": "never"}
    for competition in Competition.objects.iterator(chunk_size=500):
        version = RulesVersion.objects.create(
            competition=competition, number=1, text=competition.rules, terms=terms,
            made_at=competition.created_at,
        )
        joined = {}
        entries = Entry.objects.filter(competition=competition, team__members__isnull=False)
        for user, at in entries.values_list("team__members", "joined_at"):
            joined[user] = min(at, joined.get(user, at))
        Acceptance.objects.bulk_create(
            [Acceptance(version=version, user_id=user, accepted_at=at) for user, at in joined.items()],
            batch_size=500,
        )


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('competitions', '0005_teams'),
    ]

    operations = [
        migrations.AddField(
            model_name='competition',
            name='code',
            field=models.CharField(choices=[('never', 'never'), ('after_close', 'once the competition is closed')], default='never', max_length=12),
        ),
        migrations.AddField(
            model_name='competition',
            name='eligibility',
            field=models.CharField(choices=[('open', 'open to everybody'), ('invited', 'invited people'), ('domain', 'people of certain e-mail domains'), ('approval', 'whoever the host lets in')], default='open', max_length=8),
        ),
        migrations.AddField(
            model_name='competition',
            name='evaluation',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='competition',
            name='faq',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='competition',
            name='invite_secret',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='competition',
            name='max_members',
            field=models.PositiveSmallIntegerField(default=5),
        ),
        migrations.AddField(
            model_name='competition',
            name='merge_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='competition',
            name='prizes',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='competition',
            name='replays',
            field=models.CharField(choices=[('public', 'everybody'), ('participants', 'whoever has joined'), ('after_close', 'until the end only the teams of a match')], default='public', max_length=12),
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.CharField(editable=False, max_length=18, primary_key=True, serialize=False)),
                ('tables', models.JSONField(blank=True, default=dict)),
                ('steps', models.JSONField(blank=True, default=list)),
                ('changed_at', models.DateTimeField()),
                ('competition', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='plan', to='competitions.competition')),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='plans', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-changed_at'],
            },
        ),
        migrations.CreateModel(
            name='RulesVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField(blank=True)),
                ('terms', models.JSONField(blank=True, default=dict)),
                ('made_at', models.DateTimeField()),
                ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules_versions', to='competitions.competition')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accepted_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acceptances', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acceptances', to='competitions.rulesversion')),
            ],
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, max_length=400)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('approved', 'approved'), ('declined', 'declined')], default='waiting', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=400)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to='competitions.competition')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['asked_at'],
                'constraints': [models.UniqueConstraint(fields=('competition', 'user'), name='one_request_each')],
            },
        ),
        migrations.AddConstraint(
            model_name='rulesversion',
            constraint=models.UniqueConstraint(fields=('competition', 'number'), name='rules_version_once'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.UniqueConstraint(fields=('version', 'user'), name='accepted_once'),
        ),
        migrations.RunPython(write_first_versions, migrations.RunPython.noop),
    ]
