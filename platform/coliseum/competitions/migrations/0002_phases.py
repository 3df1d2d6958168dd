"""Phases: windows of a competition with league matches, seeds and a leaderboard of their own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='competition',
            name='options',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name='Phase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('public', 'public'), ('final', 'final')], default='public', max_length=8)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('open', 'open'), ('closed', 'closed')], default='draft', max_length=8)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('seed_secret', models.CharField(max_length=64)),
                ('revealed_at', models.DateTimeField(blank=True, null=True)),
                ('options', models.JSONField(blank=True, default=dict)),
                ('competition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='competitions.competition')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('competition', 'kind', 'number'), name='phase_once'), models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('competition',), name='one_open_phase_per_competition'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'open', 'closed'])), name='phase_state'), models.CheckConstraint(condition=models.Q(('kind__in', ['public', 'final'])), name='phase_kind')],
            },
        ),
    ]
