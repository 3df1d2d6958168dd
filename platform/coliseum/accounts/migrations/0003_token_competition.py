"""Tokens for one competition alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_profiles'),
    ]

    operations = [
        migrations.AddField(
            model_name='token',
            name='competition',
            field=models.CharField(blank=True, default='', max_length=60),
            preserve_default=False,
        ),
    ]
