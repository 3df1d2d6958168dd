"""Phases come to rest; finals have a time until which finalists are named, a verdict and a declared result."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0003_first_phases'),
    ]

    operations = [
        migrations.AddField(
            model_name='phase',
            name='declared_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='naming_ends_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='settled_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='phase',
            name='verdict',
            field=models.CharField(blank=True, max_length=400),
        ),
    ]
