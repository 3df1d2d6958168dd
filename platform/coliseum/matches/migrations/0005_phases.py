"""League matches belong to a phase; a result can be held back, and taken out of the ratings."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0002_phases'),
        ('matches', '0004_drop_unpacked_columns'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='match',
            name='rated_matches',
        ),
        migrations.RemoveIndex(
            model_name='match',
            name='queued_matches',
        ),
        migrations.RemoveIndex(
            model_name='match',
            name='running_matches',
        ),
        migrations.AddField(
            model_name='match',
            name='is_counted',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='match',
            name='is_held',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='match',
            name='phase',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='competitions.phase'),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(condition=models.Q(('phase__isnull', False), ('state', 'queued')), fields=['phase'], name='queued_matches'),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(condition=models.Q(('phase__isnull', False), ('state', 'running')), fields=['phase'], name='running_matches'),
        ),
        migrations.AddIndex(
            model_name='match',
            index=models.Index(condition=models.Q(('phase__isnull', False), ('state', 'finished')), fields=['phase', 'id'], name='rated_matches'),
        ),
    ]
