"""Looks at how the first agents of a board do against a host's secret ones."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0004_phase_life'),
        ('league', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PanelCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('rows', models.JSONField(default=list)),
                ('phase', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='panel_checks', to='competitions.phase')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('phase',), name='one_open_panel_check')],
            },
        ),
    ]
