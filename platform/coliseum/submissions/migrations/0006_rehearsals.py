"""Rehearsals: agents tried without being submitted; they may be copies of what was."""


from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('competitions', '0004_phase_life'),
        ('submissions', '0005_trials_and_suspensions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='submission',
            name='same_content_is_same_submission',
        ),
        migrations.RemoveConstraint(
            model_name='submission',
            name='submission_role',
        ),
        migrations.AlterField(
            model_name='submission',
            name='role',
            field=models.CharField(choices=[('main', 'main'), ('champion', 'champion'), ('background', 'background'), ('holdout', 'holdout'), ('exploiter', 'exploiter'), ('rehearsal', 'test')], default='main', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'rehearsal'), _negated=True), fields=('entry', 'package'), name='same_content_is_same_submission'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['main', 'champion', 'background', 'holdout', 'exploiter', 'rehearsal'])), name='submission_role'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('is_active', False), models.Q(('role', 'rehearsal'), _negated=True), _connector='OR'), name='rehearsals_are_inactive'),
        ),
    ]
