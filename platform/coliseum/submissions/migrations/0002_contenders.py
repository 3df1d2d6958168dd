"""Agents with a place of their own in a phase: finalists, and who was in play when a season closed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0004_phase_life'),
        ('submissions', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Contender',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('named_at', models.DateTimeField()),
                ('cut_at', models.PositiveIntegerField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=400)),
                ('place', models.PositiveIntegerField(blank=True, null=True)),
                ('named_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('phase', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='contenders', to='competitions.phase')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contests', to='submissions.submission')),
            ],
            options={
                'ordering': ['phase_id', 'place', 'id'],
                'constraints': [models.UniqueConstraint(fields=('phase', 'submission'), name='one_contender_per_phase')],
            },
        ),
    ]
