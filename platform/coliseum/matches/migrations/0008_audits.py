"""Audits: finished matches that are played once more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matches', '0007_ledger'),
    ]

    operations = [
        migrations.AlterField(
            model_name='match',
            name='kind',
            field=models.CharField(choices=[('validation', 'validation'), ('league', 'league'), ('tournament', 'tournament'), ('scrimmage', 'scrimmage'), ('audit', 'audit')], max_length=12),
        ),
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('waiting', 'waiting'), ('reproduced', 'reproduced'), ('replayed', 'replayed'), ('differs', 'differs'), ('unplayed', 'unplayed')], default='waiting', max_length=10)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
                ('again', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='audited', to='matches.match')),
                ('match', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='audit', to='matches.match')),
            ],
        ),
    ]
