"""Matches of trials: a submission against its predecessor, an exploiter against its target."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matches', '0008_audits'),
    ]

    operations = [
        migrations.AlterField(
            model_name='match',
            name='kind',
            field=models.CharField(choices=[('validation', 'validation'), ('league', 'league'), ('tournament', 'tournament'), ('scrimmage', 'scrimmage'), ('audit', 'audit'), ('gate', 'gate')], max_length=12),
        ),
    ]
