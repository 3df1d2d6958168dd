"""What an agent is for, and what a champion is a copy of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0004_phase_life'),
        ('submissions', '0003_first_contenders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='submission',
            name='origin',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='submissions.submission'),
        ),
        migrations.AddField(
            model_name='submission',
            name='role',
            field=models.CharField(choices=[('main', 'main'), ('champion', 'champion'), ('background', 'background'), ('holdout', 'holdout'), ('exploiter', 'exploiter')], default='main', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['main', 'champion', 'background', 'holdout', 'exploiter'])), name='submission_role'),
        ),
    ]
