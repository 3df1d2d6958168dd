"""Trials of a submission against another, and suspensions with a way back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0004_phase_life'),
        ('submissions', '0004_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Trial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('gate', 'better than its predecessor'), ('exploit', 'beats its target'), ('control', 'how it does against others')], max_length=8)),
                ('verdict', models.CharField(choices=[('open', 'open'), ('better', 'better'), ('not_better', 'not better'), ('undecided', 'undecided'), ('dropped', 'broken off')], default='open', max_length=12)),
                ('matches', models.PositiveIntegerField(default=0)),
                ('episodes', models.PositiveIntegerField(default=0)),
                ('points', models.FloatField(blank=True, null=True)),
                ('ratio', models.FloatField(default=0.0)),
                ('started_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='submission',
            name='let_back_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='submission',
            name='only_if_better',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='submission',
            name='retried_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='submission',
            name='retries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='submission',
            name='suspended_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('is_active', False), ('suspended_at__isnull', True), _connector='OR'), name='suspended_submissions_are_inactive'),
        ),
        migrations.AddField(
            model_name='trial',
            name='opponent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opposed', to='submissions.submission'),
        ),
        migrations.AddField(
            model_name='trial',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trials', to='submissions.submission'),
        ),
        migrations.AddIndex(
            model_name='trial',
            index=models.Index(condition=models.Q(('verdict', 'open')), fields=['verdict'], name='open_trials'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.UniqueConstraint(fields=('submission', 'opponent', 'purpose'), name='trial_once'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(('submission', models.F('opponent')), _negated=True), name='trial_against_another_submission'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['open', 'better', 'not_better', 'undecided', 'dropped'])), name='trial_verdict'),
        ),
        migrations.AddConstraint(
            model_name='trial',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['gate', 'exploit', 'control'])), name='trial_purpose'),
        ),
    ]
